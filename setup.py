"""What pyproject.toml cannot say: `templates/` travels inside the package `personalization`."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["rules*", "personalization*", "workers*"]),
        "personalization.templates",
    ],
    package_dir={"personalization.templates": "templates"},
    package_data={
        "": ["*.html", "*.json", "*.js", "*.css", "*.svg", "*.po", "*.mo", "*.txt", "py.typed"],
        "personalization": ["static/**/*"],
        "personalization.drafts": ["prompt_files/*"],
        "personalization.host.shop": ["static/**/*"],
        "personalization.templates": ["**/*"],
    },
)
