package io.claviger.web.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sharing.GranteeName;
import java.util.List;
import java.util.Optional;

/** The fields that a share gets from its path. The share need not exist yet. */
public record GranteeFields(Optional<String> user, String grantee) {
  /** The fields of a share that no write may change. */
  public static final List<String> READ_ONLY = List.of("user", "grantee", "given_by");

  public static GranteeFields of(GranteeName name) {
    Optional<Handle> user = name.isGroup() ? Optional.empty() : Optional.of(name.handle());
    return new GranteeFields(user.map(Handle::value), name.toString());
  }
}
