package io.claviger.persistence.prices;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link PriceStore} with the tables {@code prices} and {@code model_bounds}. */
public final class JdbcPrices implements PriceStore {
  private static final LocalDate BEFORE_ALL = LocalDate.of(1, 1, 1);

  private final JdbcClient jdbc;
  private final JdbcClient lists;
  private final PriceWriter writer;
  private final PriceImport imports;

  public JdbcPrices(Database database) {
    this.jdbc = database.jdbc();
    this.lists = database.lists();
    this.writer = new PriceWriter(jdbc);
    this.imports = new PriceImport(jdbc, writer);
  }

  /**
   * The row with a call's price. The price is the service's own price if there is one, and
   * otherwise the deployment's price.
   */
  private record FoundPrice(boolean own, Optional<Price> price, ModelBounds bounds) {
    static FoundPrice of(Row row) throws SQLException {
      return new FoundPrice(
          row.flag("own"),
          row.has("version") ? Optional.of(PriceRows.price(row)) : Optional.empty(),
          PriceRows.bounds(row));
    }
  }

  @Override
  public CallPrices find(Instance.Id service, Provider provider, List<String> names, LocalDate on) {
    List<FoundPrice> found =
        jdbc.sql(
                """
                select
                  h.own, %s, b.max_output, b.context_limit
                from (values (true, :service), (false, :provider)) h (own, holder)
                left join lateral (
                  select q.*
                  from unnest(:names) with ordinality n (name, place)
                  join prices q on q.holder = h.holder and q.model = n.name
                    and q.valid_from <= :on and q.ended_at is null
                  order by n.place, q.valid_from desc
                  limit 1) p on true
                left join lateral (
                  select m.max_output, m.context_limit
                  from unnest(:names) with ordinality n (name, place)
                  join model_bounds m on m.provider = h.holder and m.model = n.name
                  order by n.place
                  limit 1) b on true
                """
                    .formatted(PriceRows.PRICE.at("p")))
            .param("service", service.value().toString())
            .param("provider", provider.wireName())
            .param("names", names.toArray(String[]::new))
            .param("on", on)
            .query(Row.mapper(FoundPrice::of))
            .list();
    FoundPrice own = found.get(found.get(0).own() ? 0 : 1);
    FoundPrice deployment = found.get(found.get(0).own() ? 1 : 0);
    return new CallPrices(own.price(), deployment.price(), deployment.bounds());
  }

  @Override
  public List<Price> versionsOf(
      Instance.Id service, Provider provider, String model, LocalDate on) {
    // Names are ordered by their bytes. The name of a version consists of the name of the model and
    // a suffix that begins with a hyphen or an at sign. So all versions lie in one range of names.
    return jdbc.sql(
            """
            select v.*
            from unnest(array[:service, :provider]) h (holder)
            cross join lateral (
              select distinct on (q.model) q.*
              from prices q
              where q.holder = h.holder and q.ended_at is null and q.valid_from <= :on
                and q.model >= :model || '-' and q.model < :model || 'A'
                and substr(q.model, length(:model) + 1) ~ '^[-@]v?[0-9][0-9.-]*$'
              order by q.model desc, q.valid_from desc
              limit :most) v
            """)
        .param("service", service.value().toString())
        .param("provider", provider.wireName())
        .param("model", model)
        .param("on", on)
        .param("most", MOST_VERSIONS)
        .query(Row.mapper(PriceRows::price))
        .list();
  }

  @Override
  public List<Price> ofVersions(Collection<Long> versions) {
    return jdbc.sql("select * from prices where version = any (:versions)")
        .param("versions", versions.toArray(Long[]::new))
        .query(Row.mapper(PriceRows::price))
        .list();
  }

  @Override
  public Optional<PricedService> serviceOf(Instance.Id service) {
    return jdbc.sql("select model, endpoint from instances where id = :id")
        .param("id", service.value())
        .query(
            (rs, n) ->
                new PricedService(
                    new ModelName(rs.getString("model")), Endpoint.of(rs.getString("endpoint"))))
        .optional();
  }

  @Override
  public List<ListedPrice> list(
      Optional<PriceScope> scope, PriceFilter filter, Optional<PricePosition> after, int limit) {
    return lists
        .sql(
            """
            select
              p.instance_id, p.provider, p.model, p.written_at, %s
            from prices p
            where p.ended_at is null
              and (cast(:holder as text) is null and p.instance_id is null or p.holder = :holder)
              and (cast(:model as text) is null or p.model = :model)
              and (p.holder, p.model, p.valid_from) > (:after_holder, :after_model, :after_day)
              and (cast(:on as date) is null or p.valid_from <= :on and not exists (
                select from prices later
                where later.holder = p.holder and later.model = p.model
                  and later.valid_from > p.valid_from and later.valid_from <= :on
                  and later.ended_at is null))
            order by p.holder, p.model, p.valid_from
            limit :limit
            """
                .formatted(PriceRows.PRICE.at("p")))
        .param("holder", Parameters.orNull(scope, PriceWriter::holder))
        .param("model", Parameters.orNull(filter.model(), ModelName::value))
        .param("on", filter.on().orElse(null))
        .param("after_holder", afterHolder(scope, after))
        .param("after_model", after.map(PricePosition::model).orElse(""))
        .param("after_day", after.map(PricePosition::validFrom).orElse(BEFORE_ALL))
        .param("limit", limit)
        .query(Row.mapper(PriceRows::listed))
        .list();
  }

  /**
   * The condition for the prices after a position in a list. The condition compares the holders of
   * prices only if the list contains prices of several holders.
   */
  private static String afterHolder(Optional<PriceScope> scope, Optional<PricePosition> after) {
    return scope
        .map(PriceWriter::holder)
        .orElseGet(() -> after.map(PricePosition::provider).orElse(""));
  }

  @Override
  public Optional<Price> lock(PriceScope scope, ModelName model, LocalDate validFrom) {
    writer.takeTurn(PriceWriter.holder(scope));
    return jdbc.sql(
            """
            select
              %s
            from prices p
            where p.holder = :holder and p.model = :model and p.valid_from = :valid_from
              and p.ended_at is null
            for update
            """
                .formatted(PriceRows.PRICE.at("p")))
        .param("holder", PriceWriter.holder(scope))
        .param("model", model.value())
        .param("valid_from", validFrom)
        .query(Row.mapper(PriceRows::price))
        .optional();
  }

  @Override
  public Optional<Price> save(
      PriceScope scope, ModelName model, PriceContent content, Instant now) {
    List<PriceWriter.Line> line = List.of(new PriceWriter.Line(scope, model, content));
    int unused = writer.endSame(line, now);
    return writer.insert(line, now).stream().findFirst().map(content::as);
  }

  @Override
  public int end(PriceScope scope, ModelName model, Optional<LocalDate> validFrom, Instant now) {
    writer.takeTurn(PriceWriter.holder(scope));
    return jdbc.sql(
            """
            update prices set ended_at = greatest(:now, written_at)
            where holder = :holder and model = :model and ended_at is null
              and (cast(:valid_from as date) is null or valid_from = :valid_from)
            """)
        .param("now", Parameters.at(now))
        .param("holder", PriceWriter.holder(scope))
        .param("model", model.value())
        .param("valid_from", validFrom.orElse(null))
        .update();
  }

  @Override
  public Imported add(Collection<ImportedModel> models, LocalDate validFrom, Instant now) {
    return imports.add(List.copyOf(models), validFrom, now);
  }

  @Override
  public int removeEnded(Duration ago) {
    return jdbc.sql(
            """
            delete from prices
            where ended_at < statement_timestamp() - make_interval(secs => :seconds)
              and instance_id is not null
            """)
        .param("seconds", ago.toSeconds())
        .update();
  }
}
