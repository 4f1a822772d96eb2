from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resettling", "0002_same_committee"),
    ]

    operations = [
        migrations.AddField(
            model_name="arrival",
            name="region",
            field=models.CharField(blank=True, help_text="The region for which it is, as it was called where it comes from.", max_length=80),
        ),
    ]
