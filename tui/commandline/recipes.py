"""Recipes: `coterie recipes`, and keeping, showing and deleting them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from coterie.core.bulk import TransformField
from coterie.core.bulk.recipes import Applying, Recipe, Recipes, read_recipe, recipe_in
from coterie.core.errors import InvalidInput
from coterie.core.settings import Settings
from coterie.core.text import number_of
from coterie.tui.commandline import output, paths
from coterie.tui.commandline.filters import Json
from coterie.tui.commandline.session import Session

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the recipe.")]


def find_recipe(settings: Settings, name: str) -> Recipe:
    """The saved recipe of that name, else the recipe in that file. Raises NotFound, UnreadableFile, InvalidInput."""
    recipes = Recipes(settings.recipes_folder)
    if recipes.has(name):
        return recipes.find(name)
    path = paths.allowed(settings, name)
    return read_recipe(path) if path.is_file() else recipes.find(name)


def on_import(settings: Settings, names: Sequence[str]) -> Applying | None:
    """What is done to contacts that are imported: the recipes of these names, and those of every import."""
    named = [find_recipe(settings, name) for name in names]
    chosen = {recipe.name for recipe in named}
    every = [recipe for recipe in Recipes(settings.recipes_folder).on_import() if recipe.name not in chosen]
    return Applying([*every, *named]) if every or named else None


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    family = typer.Typer(help="Recipes: several transforms under one name.", rich_markup_mode=None)
    family.callback(invoke_without_command=True)(list_recipes)
    family.command("save")(save)
    family.command("show")(show)
    family.command("delete")(delete)
    app.add_typer(family, name="recipes")


def list_recipes(context: typer.Context, json: Json = False) -> int:
    """List recipes; save, show and delete them."""
    if context.invoked_subcommand:
        return 0
    recipes = Recipes(Session.of(context).settings.recipes_folder)
    saved = [recipes.find(name) for name in recipes.names()]
    if json:
        output.write_json([_object(recipe) for recipe in saved])
    else:
        rows = ((recipe.name, str(len(recipe.steps)), "on import" if recipe.on_import else "") for recipe in saved)
        output.Table(("Recipe", "Transforms", "")).write(rows)
    if not saved:
        output.note("coterie: No recipe is saved yet.")
    return 0


def save(
    context: typer.Context,
    name: Name,
    transform: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=EXPRESSION", help="A transform; they are done in this order.")
    ] = None,
    file: Annotated[str, typer.Option("--from", metavar="FILE|-", help="A file with one transform on each line.")] = "",
    every_import: Annotated[
        bool, typer.Option("--on-import", help="Apply it to every contact that is imported.")
    ] = False,
) -> int:
    """Save a recipe, in place of one of the same name."""
    settings = Session.of(context).settings
    if bool(transform) == bool(file):
        title = "Say what the recipe does: with --transform, or with --from FILE, but not with both."
        raise InvalidInput(title, 'For example: --transform "company = title(company)".')
    read = _read(settings, file) if file else Recipe("", tuple(map(TransformField, transform or ())))
    recipe = Recipe(name, read.steps, read.on_import or every_import)
    Recipes(settings.recipes_folder).save(recipe)
    output.say(f"Saved the recipe {name}: {number_of(len(recipe.steps), 'transform')}{_when(recipe)}.")
    return 0


def _read(settings: Settings, file: str) -> Recipe:
    return recipe_in(*paths.small(settings, file))


def _when(recipe: Recipe) -> str:
    return ", applied to every contact that is imported" if recipe.on_import else ""


def show(context: typer.Context, name: Name, json: Json = False) -> int:
    """Show the transforms of a recipe, as they can be saved again."""
    recipe = Recipes(Session.of(context).settings.recipes_folder).find(name)
    if json:
        output.write_json(_object(recipe))
    else:
        output.say(recipe.text.rstrip("\n"))
    return 0


def delete(context: typer.Context, name: Name) -> int:
    """Delete a recipe. What it did stays."""
    Recipes(Session.of(context).settings.recipes_folder).delete(name)
    output.say(f"Deleted the recipe {name}.")
    return 0


def _object(recipe: Recipe) -> dict[str, object]:
    return {
        "name": recipe.name,
        "transforms": [step.value for step in recipe.steps],
        "on_import": recipe.on_import,
    }
