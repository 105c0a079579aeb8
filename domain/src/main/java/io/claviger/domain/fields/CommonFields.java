package io.claviger.domain.fields;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Metadata;
import io.claviger.domain.fields.ScalarForm.Text;
import io.claviger.domain.fields.ScalarForm.Tree;

/** Fields that resources of several kinds have. */
public final class CommonFields {
  public static final ScalarField<DisplayName> DISPLAY_NAME =
      ScalarField.required(
          "display_name",
          new Text<>(DisplayName::new, DisplayName::value),
          FieldWords.line("Display name", ""));

  public static final ScalarField<Description> DESCRIPTION =
      ScalarField.withDefault(
          "description",
          new Text<>(Description::new, Description::value),
          Description.NONE,
          FieldWords.area("Description", ""));

  public static final ScalarField<Metadata> METADATA =
      ScalarField.withDefault(
          "metadata",
          new Tree<>(Metadata::new, Metadata::json),
          Metadata.NONE,
          FieldWords.area(
              "Metadata", "A JSON object with your own data, which is shown with the resource"));

  public static final ScalarField<AppliedBy> APPLIED_BY =
      ScalarField.optional(
          "applied_by",
          new Text<>(AppliedBy::new, AppliedBy::value),
          FieldWords.line(
              "Applied by",
              "The name of the file that may change and delete the resource; empty if there is"
                  + " none"));

  private CommonFields() {}
}
