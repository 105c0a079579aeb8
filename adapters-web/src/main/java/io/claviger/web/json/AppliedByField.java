package io.claviger.web.json;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;

/**
 * The field {@code applied_by} of a write: the name of the file from which a resource is applied.
 */
public final class AppliedByField {
  private AppliedByField() {}

  public static Field<AppliedBy> read(JsonObject fields) {
    return fields.nullable("applied_by", JsonConverter.text(AppliedBy::new));
  }
}
