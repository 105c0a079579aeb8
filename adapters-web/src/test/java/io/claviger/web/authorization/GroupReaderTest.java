package io.claviger.web.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is a reader by a group may do exactly what a reader by a share of their own may. */
class GroupReaderTest {
  private static final String OWN_SHARE = "/shares/dave";
  @AutoClose private static AuthorizationFixture world;

  @BeforeAll
  static void begin() {
    world = AuthorizationFixture.withReaderByGroup();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_group_gives_what_a_share_of_ones_own_gives(Row row) {
    int status = world.ask(CallerRole.READER, row).status();
    if (status < 300 && !row.method().equals("GET") && !world.undone(row)) {
      world.close();
      world = AuthorizationFixture.withReaderByGroup();
    }
    assertThat(status).isEqualTo(row.statuses().get(CallerRole.READER));
  }

  /**
   * Returns the rows of the table, except for the rows about the reader's own share, which the
   * reader by group does not have.
   */
  static List<Row> rows() {
    return Row.all().stream().filter(row -> !row.path().endsWith(OWN_SHARE)).toList();
  }
}
