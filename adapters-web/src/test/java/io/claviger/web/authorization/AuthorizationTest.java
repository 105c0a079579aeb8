package io.claviger.web.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.contract.ContractChecker;
import io.claviger.web.contract.Operation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the contract, called in every caller role. */
@Tag("slow")
class AuthorizationTest {
  private static final ContractChecker CONTRACT = ContractChecker.ofServer();
  @AutoClose private static AuthorizationFixture world;

  @BeforeAll
  static void begin() {
    world = new AuthorizationFixture();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everybody_gets_what_the_table_says(Row row) {
    Map<CallerRole, Integer> answered = new EnumMap<>(CallerRole.class);
    for (CallerRole who : CallerRole.values()) {
      int status = world.ask(who, row).status();
      answered.put(who, status);
      if (status < 300 && !row.method().equals("GET") && !world.undone(row)) {
        begunAnew();
      }
    }
    assertThat(answered).isEqualTo(row.statuses());
  }

  @Test
  void every_operation_has_a_row_and_every_row_an_operation() {
    Set<String> walked = new TreeSet<>();
    for (Row row : rows()) {
      walked.add(
          CONTRACT
              .operation(row.method(), row.path().replaceAll("\\?.*", ""))
              .map(Operation::route)
              .orElse(row + ", which is no operation"));
    }
    assertThat(walked)
        .isEqualTo(
            CONTRACT.operations().stream()
                .map(Operation::route)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  static List<Row> rows() {
    return Row.all();
  }

  /** Starts a new server, so that one caller's change does not affect the next caller. */
  private static void begunAnew() {
    world.close();
    world = new AuthorizationFixture();
  }
}
