package io.claviger.persistence.usage;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.UsageRow;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The models that are counted separately, in table {@code usage_models}. The first {@link
 * CountedModel#MOST} models of a service on a day get a number each; a constraint enforces that
 * bound. Two nodes may want the same number at once. The node that does not get the number counts
 * this usage under other models, and tries again with the next usage.
 */
final class UsageModels {
  private record Key(LocalDate day, UUID instance, String model) {
    static Key of(UsageRow row) {
      Instance.Id instance = row.account().instance();
      return new Key(row.day(), instance.value(), row.model().key());
    }
  }

  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::day)
          .thenComparing(key -> key.instance().toString())
          .thenComparing(Key::model);

  private final JdbcClient jdbc;

  UsageModels(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns the rows, with {@link CountedModel#OTHER} in place of models beyond the bound. */
  List<UsageRow> bounded(List<UsageRow> rows) {
    List<Key> named =
        rows.stream()
            .filter(row -> row.model().isKnown())
            .map(Key::of)
            .distinct()
            .sorted(ORDER)
            .toList();
    if (named.isEmpty()) {
      return rows;
    }
    number(named);
    Set<Key> told = new HashSet<>(numbered(named));
    return rows.stream()
        .map(row -> !row.model().isKnown() || told.contains(Key.of(row)) ? row : row.ofOtherModel())
        .toList();
  }

  /** Numbers the models that have no number yet, as long as numbers are free. */
  private void number(List<Key> named) {
    int unused =
        jdbc.sql(
                """
                with gone as (
                  delete from usage_models
                  where seen_at < clock_timestamp() - interval '3 days'),
                wanted as (
                  select w.day::date as day, w.instance_id::uuid as instance_id, w.model
                  from unnest(:days, :instances, :models) as w (day, instance_id, model)),
                numbered as (
                  select w.day, w.instance_id, w.model,
                    coalesce(
                      (select max(m.number) from usage_models m
                      where m.day = w.day and m.instance_id = w.instance_id), 0)
                    + row_number() over (
                      partition by w.day, w.instance_id order by w.model) as number
                  from wanted w
                  where not exists (
                    select from usage_models m
                    where m.day = w.day and m.instance_id = w.instance_id and m.model = w.model))
                insert into usage_models (day, instance_id, number, model)
                select day, instance_id, number, model
                from numbered
                where number <= :most
                order by day, instance_id, number
                on conflict do nothing
                """)
            .param("days", named.stream().map(k -> k.day().toString()).toArray(String[]::new))
            .param(
                "instances",
                named.stream().map(k -> k.instance().toString()).toArray(String[]::new))
            .param("models", named.stream().map(Key::model).toArray(String[]::new))
            .param("most", CountedModel.MOST)
            .update();
  }

  private List<Key> numbered(List<Key> named) {
    return jdbc.sql(
            """
            select m.day, m.instance_id, m.model
            from unnest(:days, :instances, :models) as w (day, instance_id, model)
            join usage_models m
              on m.day = w.day::date and m.instance_id = w.instance_id::uuid and m.model = w.model
            """)
        .param("days", named.stream().map(k -> k.day().toString()).toArray(String[]::new))
        .param("instances", named.stream().map(k -> k.instance().toString()).toArray(String[]::new))
        .param("models", named.stream().map(Key::model).toArray(String[]::new))
        .query(
            (rs, n) ->
                new Key(
                    rs.getObject("day", LocalDate.class),
                    rs.getObject("instance_id", UUID.class),
                    rs.getString("model")))
        .list();
  }
}
