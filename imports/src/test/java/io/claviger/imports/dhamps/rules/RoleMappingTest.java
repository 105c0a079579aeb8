package io.claviger.imports.dhamps.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.sharing.Role;
import io.claviger.imports.dhamps.rules.RoleMapping.MappedRole;
import io.claviger.imports.shared.ReportReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoleMappingTest {
  private static final Map<String, Role> KNOWN =
      Map.of(
          "reader", Role.READER, "writer", Role.WRITER, "editor", Role.WRITER, "owner", Role.OWNER);
  private static final List<Optional<String>> CELLS =
      List.of(
          Optional.empty(),
          Optional.of("reader"),
          Optional.of("writer"),
          Optional.of("editor"),
          Optional.of("owner"),
          Optional.of("king"),
          Optional.of(""));

  @Test
  void the_newer_table_wins_and_the_older_knows_no_co_owner() {
    for (Optional<String> older : CELLS) {
      for (Optional<String> newer : CELLS) {
        assertThat(RoleMapping.decide(older, newer, true)).isEqualTo(new MappedRole.MeansNothing());
        assertThat(RoleMapping.decide(older, newer, false))
            .as("%s, %s", older, newer)
            .isEqualTo(expected(older, newer));
      }
    }
  }

  private static MappedRole expected(Optional<String> older, Optional<String> newer) {
    if (newer.isPresent()) {
      return given(newer.get());
    }
    if (older.isEmpty()) {
      return new MappedRole.MeansNothing();
    }
    return older.get().equals("owner")
        ? new MappedRole.LeftOut(ReportReason.OWNER_ROW_OF_OLDER_TABLE)
        : given(older.get());
  }

  private static MappedRole given(String role) {
    return KNOWN.containsKey(role)
        ? new MappedRole.Gives(KNOWN.get(role))
        : new MappedRole.LeftOut(ReportReason.UNKNOWN_ROLE);
  }

  @Test
  void a_project_has_no_role_above_writer() {
    assertThat(RoleMapping.ofProject("reader")).contains(Role.READER);
    assertThat(RoleMapping.ofProject("writer")).contains(Role.WRITER);
    assertThat(RoleMapping.ofProject("editor")).contains(Role.WRITER);
    assertThat(RoleMapping.ofProject("owner")).contains(Role.WRITER);
    assertThat(RoleMapping.ofProject("king")).isEmpty();
  }
}
