package io.claviger.persistence.capacity;

import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.domain.fairness.CapacityAccount;
import io.claviger.domain.fairness.CapacityAccount.BorrowerState;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link CapacityRecords} with the tables {@code capacity_…}. */
public final class JdbcCapacityRecords implements CapacityRecords {
  private static final int TIMEOUT_SECONDS = 10;

  /**
   * The maximum number of models for which the present callers are read. {@link #MOST_BYTES} limits
   * the callers in addition.
   */
  private static final int MOST_STATES = 64;

  private static final int MOST_BYTES = 4 * 1024 * 1024;

  /**
   * The maximum number of rows that are read about one hour of usage. Rows for all models together
   * are read first. This number is enough for 60 minutes with {@link #MOST_BORROWERS} borrowers and
   * 8 models each.
   */
  private static final int MOST_ROWS = 60 * MOST_BORROWERS * 8;

  private static final String OF_ALL =
      """
      select m.* from capacity_minutes m
      where m.capacity = :capacity and m.minute > now() - interval '1 hour'
      order by m.model, m.minute, m.borrower
      limit :rows
      """;

  private static final String OF_BORROWER =
      """
      select m.* from capacity_minutes m
      where m.capacity = :capacity and m.borrower = :borrower
        and m.minute > now() - interval '1 hour'
      order by m.model, m.minute
      limit :rows
      """;

  /**
   * For each capacity in the table named {@code of}, selects the lowest value of each limit. The
   * services that use the capacity state these values.
   */
  private static final String STATED =
      """
      stated as (
        select of.capacity, ''::text collate "C" as model, l.limit_name,
          min(l.amount)::bigint as amount
        from of
        cross join lateral (
          select i.* from instances i
          where i.id = case when of.capacity like 'service:%'
              then split_part(of.capacity, ':', 2)::uuid end
            and i.capacity_group is null
          union all
          select i.* from instances i
          where i.owner_id = case when of.capacity like 'group:%'
              then split_part(of.capacity, ':', 2)::uuid end
            and i.capacity_group = split_part(of.capacity, ':', 3)
        ) i
        cross join lateral (values
          ('requests_per_minute', i.provider_requests_per_minute),
          ('tokens_per_minute', i.provider_tokens_per_minute),
          ('input_tokens_per_minute', i.provider_input_tokens_per_minute),
          ('output_tokens_per_minute', i.provider_output_tokens_per_minute),
          ('concurrent_calls', i.provider_concurrent_calls)
        ) l (limit_name, amount)
        where l.amount is not null
        group by of.capacity, l.limit_name
      ), known as (
        select capacity, model, limit_name, s.amount as stated, l.learned, l.learned_at,
          l.left_over, l.resets_at
        from (
          select l.* from capacity_limits l where l.capacity in (select of.capacity from of)
        ) l
        full join stated s using (capacity, model, limit_name)
      )
      """;

  private static final String LIMITS =
      """
      with of as (
        select cast(:capacity as text) collate "C" as capacity
      ),
      """
          + STATED
          + """
          select l.model, l.limit_name, l.stated, l.learned, l.learned_at, l.left_over,
            l.resets_at,
            coalesce(
              case l.limit_name
                when 'requests_per_minute' then u.requests
                when 'tokens_per_minute' then u.input_tokens + u.output_tokens
                when 'input_tokens_per_minute' then u.input_tokens
                when 'output_tokens_per_minute' then u.output_tokens
                else n.concurrent
              end, 0)::bigint as used
          from known l
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
          order by l.model, l.limit_name
          """;

  private static final String BUSIEST =
      """
      with used as (
        select m.capacity, m.model, sum(m.requests) as requests, sum(m.refused) as refused,
          sum(m.input_tokens) as input_tokens, sum(m.output_tokens) as output_tokens
        from capacity_minutes m
        where m.minute = date_trunc('minute', now() - interval '1 minute', 'UTC')
        group by m.capacity, m.model
      ), waiting as (
        select n.capacity, n.model, sum(n.waiting)::integer as waiting,
          sum(n.concurrent) as concurrent
        from capacity_nodes n
        where n.stated_at > now() - interval '5 seconds'
        group by n.capacity, n.model
      ), of as (
        select c.capacity, sum(c.calls) as calls
        from (
          select u.capacity, u.requests + u.refused as calls from used u
          union all
          select w.capacity, w.waiting from waiting w
        ) c
        group by c.capacity
        order by sum(c.calls) desc, c.capacity
        limit :most
      ),
      """
          + STATED
          + """
      , parts as (
        select l.capacity, l.limit_name,
          max(coalesce(
            case l.limit_name
              when 'requests_per_minute' then u.requests
              when 'tokens_per_minute' then u.input_tokens + u.output_tokens
              when 'input_tokens_per_minute' then u.input_tokens
              when 'output_tokens_per_minute' then u.output_tokens
              else w.concurrent
            end, 0)::float8 / least(l.stated, l.learned)) as part
        from known l
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
      from of b
      order by b.calls desc, b.capacity
      """;

  private final JdbcClient jdbc;

  public JdbcCapacityRecords(Database database) {
    this.jdbc = database.lists(TIMEOUT_SECONDS);
  }

  @Override
  public List<RecordedLimit> limits(CapacityKey capacity) {
    return jdbc.sql(LIMITS)
        .param("capacity", capacity.value())
        .query(Row.mapper(row -> limit(row)))
        .list();
  }

  private static RecordedLimit limit(Row row) throws SQLException {
    return new RecordedLimit(
        row.text("limit_name"),
        Optional.of(row.text("model")).filter(model -> !model.isEmpty()),
        row.optionalBigNumber("stated"),
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
            Row.mapper(
                row ->
                    new WaitingCalls(
                        row.number("waiting"), Duration.ofMillis(row.bigNumber("longest_ms")))))
        .single();
  }

  @Override
  public List<MinuteRecord> minutes(CapacityKey capacity, Optional<UUID> borrower) {
    return minutes(
            capacity,
            borrower,
            "minute",
            """
            select s.* from sums s order by s.minute
            """)
        .query(Row.mapper(row -> new MinuteRecord(row.instant("minute"), use(row), waits(row))))
        .list();
  }

  @Override
  public List<BorrowerRecord> borrowers(CapacityKey capacity, Optional<UUID> borrower) {
    Map<UUID, BorrowerState> present = present(capacity, borrower);
    return minutes(
            capacity,
            borrower,
            "borrower",
            """
            select s.*, coalesce(u.handle, '@' || g.handle) as name
            from (
              select coalesce(s.borrower, p.id) as id, coalesce(s.requests, 0) as requests,
                coalesce(s.input_tokens, 0) as input_tokens,
                coalesce(s.output_tokens, 0) as output_tokens,
                coalesce(s.waited, 0) as waited, coalesce(s.waited_ms, 0) as waited_ms,
                coalesce(s.refused, 0) as refused
              from sums s
              full join unnest(:present::uuid[]) p (id) on p.id = s.borrower
              order by 2 desc, 7 desc, 1
              limit :most
            ) s
            left join users u on u.id = s.id
            left join groups g on g.id = s.id
            order by s.requests desc, s.refused desc, s.id
            """)
        .param("present", present.keySet().toArray(UUID[]::new))
        .param("most", MOST_BORROWERS)
        .query(Row.mapper(row -> borrower(row, present)))
        .list();
  }

  /**
   * A query that adds up the counts of the last hour, by minute or by borrower. A call can be
   * recorded both for its model and for all models together, but is counted only once.
   */
  private StatementSpec minutes(
      CapacityKey capacity, Optional<UUID> borrower, String grouping, String query) {
    String sums =
        """
        with near as (
          %2$s
        ), each as (
          select m.minute, m.borrower,
            greatest(
              sum(m.requests) filter (where m.model = ''),
              sum(m.requests) filter (where m.model <> '')) as requests,
            greatest(
              sum(m.input_tokens) filter (where m.model = ''),
              sum(m.input_tokens) filter (where m.model <> '')) as input_tokens,
            greatest(
              sum(m.output_tokens) filter (where m.model = ''),
              sum(m.output_tokens) filter (where m.model <> '')) as output_tokens,
            sum(m.waited) as waited, sum(m.waited_ms) as waited_ms, sum(m.refused) as refused
          from near m
          group by m.minute, m.borrower
        ), sums as (
          select %1$s, sum(requests)::bigint as requests, sum(input_tokens)::bigint as input_tokens,
            sum(output_tokens)::bigint as output_tokens, sum(waited)::bigint as waited,
            sum(waited_ms)::bigint as waited_ms, sum(refused)::bigint as refused
          from each
          group by %1$s
        )
        """
            .formatted(grouping, borrower.isEmpty() ? OF_ALL : OF_BORROWER);
    StatementSpec statement =
        jdbc.sql(sums + query).param("capacity", capacity.value()).param("rows", MOST_ROWS);
    return borrower.isEmpty() ? statement : statement.param("borrower", borrower.get());
  }

  private static BorrowerRecord borrower(Row row, Map<UUID, BorrowerState> present)
      throws SQLException {
    Optional<BorrowerState> now = Optional.ofNullable(present.get(row.uuid("id")));
    return new BorrowerRecord(
        row.optionalText("name"),
        now.map(state -> OptionalInt.of(state.weight())).orElse(OptionalInt.empty()),
        use(row),
        waits(row),
        now.map(BorrowerState::waiting).orElse(0));
  }

  /**
   * Reads the present callers from the nodes' last reports, and adds up each caller's waiting calls
   * in the capacity's accounts. The account for all models together is read first, followed by the
   * accounts of a limited number of models.
   */
  private Map<UUID, BorrowerState> present(CapacityKey capacity, Optional<UUID> borrower) {
    Map<UUID, BorrowerState> present = new HashMap<>();
    jdbc.sql(
            """
            with near as (
              select a.model, sum(octet_length(a.state)) over (order by a.model) as bytes
              from capacity_accounts a
              where a.capacity = :capacity and a.changed_at > now() - interval '5 seconds'
              order by a.model
              limit :most
            )
            select a.state from capacity_accounts a
            where a.capacity = :capacity
              and a.model in (select n.model from near n where n.bytes <= :bytes or n.model = '')
            """)
        .param("capacity", capacity.value())
        .param("most", MOST_STATES)
        .param("bytes", MOST_BYTES)
        .query(
            rs -> {
              CapacityAccount.read(Row.of(rs).bytes("state"), ProviderLimits.NONE, 0)
                  .borrowers()
                  .forEach(
                      (id, each) -> {
                        if (borrower.isEmpty() || borrower.get().equals(id)) {
                          BorrowerState unused = present.merge(id, each, BorrowerState::plus);
                        }
                      });
            });
    return present;
  }

  @Override
  public List<BusyCapacity> busiest(int most) {
    return jdbc.sql(BUSIEST).param("most", most).query(Row.mapper(row -> busy(row))).list();
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
