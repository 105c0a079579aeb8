package io.claviger.web.sharing;

import io.claviger.domain.Field;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.Times;
import io.claviger.web.policy.LimitsReader;
import io.claviger.web.policy.Roles;
import java.time.Instant;
import java.util.function.Supplier;

/** Reads the body of a write of a share. */
final class TermsReader {
  private TermsReader() {}

  /**
   * Reads the terms of a share. Call the result only after {@link JsonObject#rejectUnread}, when
   * all fields are known to be valid.
   */
  static Supplier<Share.Terms> read(JsonObject fields) {
    Field<Role> role =
        fields.required("role", JsonConverter.text(Roles::of), "Give reader, writer or owner.");
    Field<Boolean> mayReshare = fields.value("may_reshare", JsonConverter.FLAG);
    Field<Instant> expiresAt = fields.nullable("expires_at", Times.instant("expires_at"));
    LimitsWrite limits = LimitsReader.read(fields);
    return () ->
        new Share.Terms(
            role.given().orElseThrow(),
            mayReshare.or(false),
            expiresAt.given(),
            limits.over(Limits.NONE));
  }
}
