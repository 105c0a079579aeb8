package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.standards.JdbcApiStandards;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of the API standards of a database from before their formats lent more. */
@Tag("thorough")
final class StandardsUpgradeTest {
  @AutoClose private final TestDatabase database = EarlierSchema.until("028");

  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void those_with_the_lists_of_their_format_get_the_new_ones() {
    run(
        "insert into api_standards select 'house', description, format, key_method, key_field,"
            + " operations, request_headers, query_parameters, version, created_at, updated_at,"
            + " response_headers from api_standards where handle = 'openai'");

    migrate();

    assertThat(standards().list(Optional.empty(), 10))
        .filteredOn(s -> !s.handle().value().equals("house"))
        .isEqualTo(Seeds.STANDARDS);
    assertThat(standard("house").operations()).isEqualTo(WireFormat.OPENAI.operations());
  }

  @Test
  void those_with_lists_of_their_own_keep_them() {
    run(
        "update api_standards set operations = array['POST embeddings'],"
            + " request_headers = array['accept'], query_parameters = array['x']"
            + " where handle = 'openai'");

    migrate();

    ApiStandard kept = standard("openai");
    assertThat(kept.operations()).extracting(Object::toString).containsExactly("POST embeddings");
    assertThat(kept.requestHeaders()).hasSize(1);
    assertThat(kept.queryParameters()).isEqualTo(List.of("x"));
  }

  @Test
  void what_a_list_of_headers_no_longer_stands_for_does_not_come_back_and_hinders_no_call() {
    run(
        "update api_standards set response_headers = array['x-mine', 'x-goog-*', 'x-ms-reg*', 'vary',"
            + " 'content-disposition', 'x-goog-project'] where handle = 'openai'");

    migrate();

    assertThat(standard("openai").responseHeaders())
        .extracting(ResponseHeader::value)
        .containsExactly("x-mine", "x-ms-region");
  }

  @Test
  void a_parameter_that_carries_the_key_does_not_become_one_that_passes() {
    run(
        "update api_standards set key_method = 'query_param', key_field = 'beta'"
            + " where handle = 'openai'");

    migrate();

    assertThat(standard("openai").queryParameters()).isEmpty();
  }

  @Test
  void a_standard_that_is_called_ollama_already_stays_as_it_is() {
    run("update api_standards set handle = 'ollama' where handle = 'none'");

    migrate();

    assertThat(standard("ollama").format()).isEqualTo(WireFormat.OPENAI);
  }

  private void run(String statement) {
    assertThat(sql.sql(statement).update()).isEqualTo(1);
  }

  private void migrate() {
    new Schema(database.dataSource()).migrate();
  }

  private JdbcApiStandards standards() {
    return new JdbcApiStandards(new Database(database.dataSource()));
  }

  private ApiStandard standard(String handle) {
    return standards().find(new Handle(handle)).orElseThrow();
  }
}
