package io.claviger.persistence.capacity;

import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private static final String BUSIEST =
      """
      with used as (
        select m.capacity, m.model, sum(m.requests) as requests,
          sum(m.input_tokens) as input_tokens, sum(m.output_tokens) as output_tokens
        from capacity_minutes m
        where m.minute = date_trunc('minute', now() - interval '1 minute', 'UTC')
        group by m.capacity, m.model
      ), busiest as (
        select u.capacity, sum(u.requests) as requests
        from used u
        group by u.capacity
        order by sum(u.requests) desc, u.capacity
        limit :most
      ), waiting as (
        select n.capacity, n.model, sum(n.waiting)::integer as waiting,
          sum(n.concurrent) as concurrent
        from capacity_nodes n
        where n.stated_at > now() - interval '5 seconds'
        group by n.capacity, n.model
      ), parts as (
        select l.capacity, l.limit_name,
          max(coalesce(
            case l.limit_name
              when 'requests_per_minute' then u.requests
              when 'tokens_per_minute' then u.input_tokens + u.output_tokens
              when 'input_tokens_per_minute' then u.input_tokens
              when 'output_tokens_per_minute' then u.output_tokens
              else w.concurrent
            end, 0)::float8 / l.learned) as part
        from capacity_limits l
        join busiest b on b.capacity = l.capacity
        left join used u on u.capacity = l.capacity and u.model = l.model
        left join waiting w on w.capacity = l.capacity and w.model = l.model
        group by l.capacity, l.limit_name
      )
      select b.capacity,
        coalesce((select sum(w.waiting) from waiting w where w.capacity = b.capacity), 0)::integer
          as waiting,
        array(select p.limit_name from parts p where p.capacity = b.capacity order by p.limit_name)
          as limits,
        array(select p.part from parts p where p.capacity = b.capacity order by p.limit_name)
          as parts
      from busiest b
      order by b.requests desc, b.capacity
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

  @Override
  public List<BusyCapacity> busiest(int most) {
    return jdbc.sql(BUSIEST).param("most", most).query((rs, n) -> busy(Row.of(rs))).list();
  }

  private static BusyCapacity busy(Row row) throws SQLException {
    List<String> limits = row.texts("limits");
    List<Double> parts = row.decimals("parts");
    Map<String, Double> used = new HashMap<>();
    for (int i = 0; i < limits.size(); i++) {
      used.put(limits.get(i), parts.get(i));
    }
    return new BusyCapacity(new CapacityKey(row.text("capacity")), row.number("waiting"), used);
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
