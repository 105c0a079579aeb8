package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.usage.JdbcUsageBooks;
import io.claviger.testkit.RecordCopy;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of the usage of a database from before usage was told apart by model. */
@Tag("thorough")
final class UsageUpgradeTest {
  @AutoClose private final TestDatabase database = PostgresForTests.empty();
  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void it_stays_as_it_was_of_no_known_model_and_goes_on_beside_the_models() {
    migrateAsBefore();
    int unused =
        sql.sql(
                """
                insert into usage_daily (
                  day, user_id, user_handle, instance_id, instance_ref, owner_id, project_id,
                  key_source, requests, errors, bytes_in, bytes_out, input_tokens, output_tokens,
                  refused)
                select date '2026-01-01' + n, md5('u')::uuid, 'bob', md5('i')::uuid, 'alice/s',
                  md5('o')::uuid, '00000000-0000-0000-0000-000000000000', 'central',
                  7, 1, 2, 3, 4, 5, 6
                from generate_series(0, 2) n
                """)
            .update();

    new Schema(database.dataSource()).migrate();

    List<UsageRow> rows = rows();
    assertThat(rows)
        .hasSize(3)
        .allSatisfy(
            row -> {
              assertThat(row.model()).isEqualTo(CountedModel.UNKNOWN);
              assertThat(row.counts())
                  .isEqualTo(RecordCopy.with(new UsageCounts(7, 1, 2, 3, 4, 5), "refused", 6L));
              assertThat(row.counts().freshInput()).isEqualTo(4);
            });
    UsageRow first = rows.get(0);
    UsageRow ofModel =
        new UsageRow(
            first.day(),
            first.account(),
            first.source(),
            CountedModel.of(UsageModel.called("gpt")),
            PriceVersions.NONE,
            first.counts());
    books().add(UsageStore.UsageBatch.alone(List.of(first, ofModel)));
    assertThat(rows())
        .containsExactly(first.plus(first.counts()), ofModel, rows.get(1), rows.get(2));
  }

  private void migrateAsBefore() {
    EarlierSchema.migrate(database.dataSource(), "036");
  }

  private UsageStore books() {
    return new JdbcUsageBooks(new Database(database.dataSource()));
  }

  private List<UsageRow> rows() {
    return books().find(Optional.empty(), UsageFilter.NONE, Optional.empty(), 100);
  }
}
