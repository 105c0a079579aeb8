package io.claviger.imports.dhamps.rules;

import io.claviger.domain.sharing.Role;
import io.claviger.imports.shared.ReportReason;
import java.util.Optional;

/** Maps dhamps-vdb's roles to Claviger's roles. */
public final class RoleMapping {
  private static final String OWNER = "owner";

  private RoleMapping() {}

  /** The meaning of the one or two rows that share a service with a user. */
  public sealed interface MappedRole {
    record Gives(Role role) implements MappedRole {}

    /** The row has no effect, because the user would have the same rights without the row. */
    record MeansNothing() implements MappedRole {}

    record LeftOut(ReportReason reason) implements MappedRole {}
  }

  /**
   * Converts a role for a service to Claviger's role. In a later schema version, the role {@code
   * writer} has the name {@code editor}.
   */
  public static Optional<Role> ofService(String role) {
    return switch (role) {
      case "reader" -> Optional.of(Role.READER);
      case "writer", "editor" -> Optional.of(Role.WRITER);
      case OWNER -> Optional.of(Role.OWNER);
      default -> Optional.empty();
    };
  }

  /**
   * Converts a role for a project to Claviger's role. In Claviger, the highest role for a project
   * is {@code writer}.
   */
  public static Optional<Role> ofProject(String role) {
    return ofService(role).map(r -> r == Role.OWNER ? Role.WRITER : r);
  }

  /**
   * Decides which role the rows of both tables of shares give together. If both tables have a row,
   * the row in the newer table applies. In the older table, the role {@code owner} means that the
   * user owns the service.
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
