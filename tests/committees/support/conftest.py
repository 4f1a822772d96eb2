from tests import make, standing

cast = standing.scene(make.cast)
