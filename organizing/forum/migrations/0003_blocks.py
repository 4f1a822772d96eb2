import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import committees.base.slugs


class Migration(migrations.Migration):
    dependencies = [
        ("forum", "0002_words_and_ties"),
        ("membership", "0010_moves"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("since", models.DateField()),
                ("blocked", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.membership")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "blocked"), name="one_block_per_voice")],
            },
        ),
    ]
