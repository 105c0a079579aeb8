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

/** Reads what a share is to be. */
final class TermsReader {
  private TermsReader() {}

  /** What they come to, once the reading is done. */
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
