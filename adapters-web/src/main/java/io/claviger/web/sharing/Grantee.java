package io.claviger.web.sharing;

import io.claviger.domain.accounts.Handle;
import java.util.List;

/** The field that the path of a share fixes, even before there is one. */
public record Grantee(String user) {
  /** What no write of a share changes. */
  public static final List<String> READ_ONLY = List.of("user", "given_by");

  public static Grantee of(Handle user) {
    return new Grantee(user.value());
  }
}
