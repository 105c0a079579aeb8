package io.claviger.web.sharing;

import io.claviger.domain.Field;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.sharing.TermsWrite;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.Times;
import io.claviger.web.policy.LimitsReader;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads a share's terms from requests that create or change the share. */
public final class TermsReader {
  private TermsReader() {}

  /**
   * Reads a share's terms, which replace its former terms. Call the returned supplier only after
   * {@link JsonObject#rejectUnread} has found all fields valid.
   */
  public static Supplier<Share.Terms> replacement(JsonObject fields) {
    Field<Role> role =
        fields.required("role", JsonConverter.text(Role::of), "Give reader, writer or owner.");
    TermsWrite rest = withRole(role, fields);
    return () ->
        rest.over(
            new Share.Terms(role.given().orElseThrow(), false, Optional.empty(), Limits.NONE));
  }

  static TermsWrite change(JsonObject fields) {
    return withRole(fields.value("role", JsonConverter.text(Role::of)), fields);
  }

  private static TermsWrite withRole(Field<Role> role, JsonObject fields) {
    return new TermsWrite(
        role,
        fields.value("may_reshare", JsonConverter.FLAG),
        fields.nullable("expires_at", Times.instant("expires_at")),
        LimitsReader.read(fields),
        LimitsReader.read(fields, "pooled_limits"),
        fields.value("weight", JsonConverter.wholeNumber(Weight::new)),
        fields.value("to_everybody", JsonConverter.FLAG));
  }
}
