package io.claviger.persistence.capacity;

import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@link CapacityRecords} in the tables {@code capacity_…}. */
public final class JdbcCapacityRecords implements CapacityRecords {
  private static final int TIMEOUT_SECONDS = 10;

  /** A call that counts for its model and for all models together is counted once. */
  private static final String MINUTES =
      """
      with each as (
        select m.minute, m.borrower,
          greatest(
            coalesce(sum(m.requests) filter (where m.model = ''), 0),
            coalesce(sum(m.requests) filter (where m.model <> ''), 0)) as requests,
          greatest(
            coalesce(sum(m.input_tokens) filter (where m.model = ''), 0),
            coalesce(sum(m.input_tokens) filter (where m.model <> ''), 0)) as input_tokens,
          greatest(
            coalesce(sum(m.output_tokens) filter (where m.model = ''), 0),
            coalesce(sum(m.output_tokens) filter (where m.model <> ''), 0)) as output_tokens,
          sum(m.waited) as waited, sum(m.waited_ms) as waited_ms, sum(m.refused) as refused
        from capacity_minutes m
        where m.capacity = :capacity and m.minute > now() - interval '1 hour'
          and (:borrower::uuid is null or m.borrower = :borrower)
        group by m.minute, m.borrower
      ), sums as (
        select %s, sum(requests)::bigint as requests, sum(input_tokens)::bigint as input_tokens,
          sum(output_tokens)::bigint as output_tokens, sum(waited)::bigint as waited,
          sum(waited_ms)::bigint as waited_ms, sum(refused)::bigint as refused
        from each
        group by %1$s
      )
      """;

  private final JdbcClient jdbc;

  public JdbcCapacityRecords(Database database) {
    this.jdbc = database.lists(TIMEOUT_SECONDS);
  }

  @Override
  public List<RecordedLimit> limits(CapacityKey capacity) {
    return jdbc.sql(
            """
            select l.model, l.limit_name, l.learned, l.learned_at, l.left_over, l.resets_at,
              coalesce(
                case l.limit_name
                  when 'requests_per_minute' then u.requests
                  when 'tokens_per_minute' then u.input_tokens + u.output_tokens
                  when 'input_tokens_per_minute' then u.input_tokens
                  when 'output_tokens_per_minute' then u.output_tokens
                  else n.concurrent
                end, 0)::bigint as used
            from capacity_limits l
            left join (
              select m.model, sum(m.requests) as requests, sum(m.input_tokens) as input_tokens,
                sum(m.output_tokens) as output_tokens
              from capacity_minutes m
              where m.capacity = :capacity
                and m.minute = date_trunc('minute', now() - interval '1 minute', 'UTC')
              group by m.model
            ) u on u.model = l.model
            left join (
              select n.model, sum(n.concurrent) as concurrent
              from capacity_nodes n
              where n.capacity = :capacity and n.stated_at > now() - interval '5 seconds'
              group by n.model
            ) n on n.model = l.model
            where l.capacity = :capacity
            order by l.model, l.limit_name
            """)
        .param("capacity", capacity.value())
        .query((rs, n) -> limit(Row.of(rs)))
        .list();
  }

  private static RecordedLimit limit(Row row) throws SQLException {
    return new RecordedLimit(
        row.text("limit_name"),
        Optional.of(row.text("model")).filter(model -> !model.isEmpty()),
        row.optionalBigNumber("learned"),
        row.optionalInstant("learned_at"),
        row.bigNumber("used"),
        row.optionalBigNumber("left_over"),
        row.optionalInstant("resets_at"));
  }

  @Override
  public WaitingCalls waiting(CapacityKey capacity) {
    return jdbc.sql(
            """
            select coalesce(sum(n.waiting), 0)::integer as waiting,
              coalesce(max(n.longest_ms) filter (where n.waiting > 0), 0) as longest_ms
            from capacity_nodes n
            where n.capacity = :capacity and n.stated_at > now() - interval '5 seconds'
            """)
        .param("capacity", capacity.value())
        .query(
            (rs, n) ->
                new WaitingCalls(
                    Row.of(rs).number("waiting"),
                    Duration.ofMillis(Row.of(rs).bigNumber("longest_ms"))))
        .single();
  }

  @Override
  public List<MinuteRecord> minutes(CapacityKey capacity, Optional<UUID> borrower) {
    return jdbc.sql(
            MINUTES.formatted("minute")
                + """
                select s.* from sums s order by s.minute
                """)
        .param("capacity", capacity.value())
        .param("borrower", borrower.orElse(null))
        .query(
            (rs, n) ->
                new MinuteRecord(Row.of(rs).instant("minute"), use(Row.of(rs)), waits(Row.of(rs))))
        .list();
  }

  @Override
  public List<BorrowerRecord> borrowers(CapacityKey capacity, Optional<UUID> borrower) {
    return jdbc.sql(
            MINUTES.formatted("borrower")
                + """
                select s.*, coalesce(u.handle, '@' || g.handle) as name
                from (
                  select s.* from sums s order by s.requests desc, s.refused desc, s.borrower
                  limit :most
                ) s
                left join users u on u.id = s.borrower
                left join groups g on g.id = s.borrower
                order by s.requests desc, s.refused desc, s.borrower
                """)
        .param("capacity", capacity.value())
        .param("borrower", borrower.orElse(null))
        .param("most", MOST_BORROWERS)
        .query(
            (rs, n) ->
                new BorrowerRecord(
                    Row.of(rs).optionalText("name"), use(Row.of(rs)), waits(Row.of(rs))))
        .list();
  }

  private static PaceUse use(Row row) throws SQLException {
    return new PaceUse(
        row.bigNumber("requests"), row.bigNumber("input_tokens"), row.bigNumber("output_tokens"));
  }

  private static Waits waits(Row row) throws SQLException {
    return new Waits(
        row.bigNumber("waited"),
        Duration.ofMillis(row.bigNumber("waited_ms")),
        row.bigNumber("refused"));
  }
}
