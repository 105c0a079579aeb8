package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupSource;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** Groups, each with an id that follows from its handle. */
public final class AGroup {
  private AGroup() {}

  /** A local group. */
  public static Group called(String handle) {
    return group(handle, Optional.empty());
  }

  /** A group of the identity provider. */
  public static Group synced(String handle, String claimValue) {
    return group(handle, Optional.of(new GroupSource("https://issuer.example", claimValue)));
  }

  private static Group group(String handle, Optional<GroupSource> source) {
    return new Group(
        new Group.Id(UUID.nameUUIDFromBytes(("group " + handle).getBytes(StandardCharsets.UTF_8))),
        new Handle(handle),
        FieldValues.NONE.with(CommonFields.DISPLAY_NAME, new DisplayName(handle)),
        source,
        1,
        Seeds.SEEDED_AT,
        Seeds.SEEDED_AT);
  }
}
