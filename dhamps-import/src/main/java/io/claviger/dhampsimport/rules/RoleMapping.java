package io.claviger.dhampsimport.rules;

import io.claviger.domain.sharing.Role;
import java.util.Optional;

/** What the roles of the old database are here. */
public final class RoleMapping {
  private static final String OWNER = "owner";

  private RoleMapping() {}

  /** What becomes of a row, or two, that share a service with a user. */
  public sealed interface MappedRole {
    record Gives(Role role) implements MappedRole {}

    /** It says what is true anyway. */
    record MeansNothing() implements MappedRole {}

    record LeftOut(ReportReason reason) implements MappedRole {}
  }

  /** Of a service; {@code editor} is what a later shape calls the writer. */
  public static Optional<Role> ofService(String role) {
    return switch (role) {
      case "reader" -> Optional.of(Role.READER);
      case "writer", "editor" -> Optional.of(Role.WRITER);
      case OWNER -> Optional.of(Role.OWNER);
      default -> Optional.empty();
    };
  }

  /** Of a project, which has no role above writer. */
  public static Optional<Role> ofProject(String role) {
    return ofService(role).map(r -> r == Role.OWNER ? Role.WRITER : r);
  }

  /**
   * Where both sharing tables have a row, the newer one wins. In the older one, {@code owner} is
   * who owns the service.
   *
   * @param owns whether the user owns the service
   */
  public static MappedRole decide(Optional<String> older, Optional<String> newer, boolean owns) {
    if (owns || (older.isEmpty() && newer.isEmpty())) {
      return new MappedRole.MeansNothing();
    }
    if (newer.isEmpty() && older.get().equals(OWNER)) {
      return new MappedRole.LeftOut(ReportReason.OWNER_ROW_OF_OLDER_TABLE);
    }
    return ofService(newer.or(() -> older).get())
        .<MappedRole>map(MappedRole.Gives::new)
        .orElse(new MappedRole.LeftOut(ReportReason.UNKNOWN_ROLE));
  }
}
