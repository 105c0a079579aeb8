package io.claviger.web.sharing;

import io.claviger.domain.accounts.Handle;
import java.util.List;

/** The field that the path of a share determines, even before the share exists. */
public record Grantee(String user) {
  /** The fields that no write of a share may change. */
  public static final List<String> READ_ONLY = List.of("user", "given_by");

  public static Grantee of(Handle user) {
    return new Grantee(user.value());
  }
}
