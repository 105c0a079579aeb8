package io.claviger.web.json;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;

/** The field of a write for the name of the file from which the resource is applied. */
public final class AppliedByField {
  private AppliedByField() {}

  public static Field<AppliedBy> read(JsonObject fields) {
    return fields.nullable("applied_by", JsonConverter.text(AppliedBy::new));
  }
}
