package io.claviger.persistence.usage;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The models that are counted separately, from table {@code usage_models}. On each day, each of a
 * service's first {@link CountedModel#MOST} models gets a number. A constraint prevents more
 * models. Two nodes might try to assign the same number at the same time. The node that fails
 * counts the usage under {@link CountedModel#OTHER}, and tries again with later usage.
 *
 * <p>One caller can't use up all numbers of a service ({@link CountedModel#MOST_OF_ONE}). If the
 * provider's list of models is known, invented names can't use up all numbers either ({@link
 * CountedModel#MOST_UNLISTED}). These two limits can be exceeded if several nodes assign numbers at
 * the same moment.
 */
final class UsageModels {
  private record Key(LocalDate day, UUID instance, String model) {
    static Key of(UsageRow row) {
      Instance.Id instance = row.account().instance();
      return new Key(row.day(), instance.value(), row.model().key());
    }
  }

  /**
   * @param namedBy the borrower who was the first to name the model; null if the service's owner
   *     was the first
   */
  private record Named(Key key, @Nullable UUID namedBy) {
    static Named of(UsageRow row) {
      User.Id user = row.account().user();
      return new Named(Key.of(row), user.equals(row.account().owner()) ? null : user.value());
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

  /** Returns the rows, with {@link CountedModel#OTHER} instead of models beyond the limit. */
  List<UsageRow> bounded(List<UsageRow> rows) {
    Map<Key, Named> named = new TreeMap<>(ORDER);
    rows.stream()
        .filter(row -> row.model().isKnown())
        .map(Named::of)
        .forEach(each -> named.putIfAbsent(each.key(), each));
    if (named.isEmpty()) {
      return rows;
    }
    number(named.values());
    Set<Key> told = new HashSet<>(numbered(named.keySet()));
    return rows.stream()
        .map(row -> !row.model().isKnown() || told.contains(Key.of(row)) ? row : row.ofOtherModel())
        .toList();
  }

  /**
   * Assigns a free number to each model that has no number yet, as long as there are free numbers.
   */
  private void number(Collection<Named> named) {
    Database.update(
        jdbc.sql(
                """
                with gone as (
                  delete from usage_models
                  where seen_at < statement_timestamp() - interval '3 days'),
                wanted as (
                  select w.day::date as day, w.instance_id::uuid as instance_id, w.model,
                    w.named_by::uuid as named_by
                  from unnest(:days, :instances, :models, :named_by)
                    as w (day, instance_id, model, named_by)
                  where not exists (
                    select from usage_models m
                    where m.day = w.day::date and m.instance_id = w.instance_id::uuid
                      and m.model = w.model)),
                offered as (
                  select l.instance_id, unnest(l.models) as model
                  from model_lists l
                  where l.user_id is null
                    and l.instance_id in (select w.instance_id from wanted w)),
                ranked as (
                  select w.*,
                    (w.instance_id, split_part(w.model, chr(31), 1)) in (
                      select o.instance_id, o.model from offered o) as listed,
                    w.instance_id in (select o.instance_id from offered o) as has_list,
                    (select count(*) from usage_models m
                      where m.day = w.day and m.instance_id = w.instance_id
                        and m.named_by = w.named_by)
                    + row_number() over (
                      partition by w.day, w.instance_id, w.named_by order by w.model) as of_user
                  from wanted w),
                permitted as (
                  select r.*,
                    (select count(*) from usage_models m
                      where m.day = r.day and m.instance_id = r.instance_id and not m.listed)
                    + row_number() over (
                      partition by r.day, r.instance_id, r.listed order by r.model) as of_unlisted
                  from ranked r
                  where r.named_by is null or r.of_user <= :most_of_one),
                numbered as (
                  select p.*,
                    coalesce(
                      (select max(m.number) from usage_models m
                      where m.day = p.day and m.instance_id = p.instance_id), 0)
                    + row_number() over (
                      partition by p.day, p.instance_id order by p.model) as number
                  from permitted p
                  where p.listed or not p.has_list or p.of_unlisted <= :most_unlisted)
                insert into usage_models (day, instance_id, number, model, named_by, listed)
                select day, instance_id, number, model, named_by, listed
                from numbered
                where number <= :most
                order by day, instance_id, number
                on conflict do nothing
                """)
            .param("days", Parameters.texts(named, n -> n.key().day().toString()))
            .param("instances", Parameters.texts(named, n -> n.key().instance().toString()))
            .param("models", Parameters.texts(named, n -> n.key().model()))
            .param(
                "named_by",
                Parameters.optionalTexts(
                    named, n -> Optional.ofNullable(n.namedBy()).map(UUID::toString)))
            .param("most", CountedModel.MOST)
            .param("most_of_one", CountedModel.MOST_OF_ONE)
            .param("most_unlisted", CountedModel.MOST_UNLISTED));
  }

  private List<Key> numbered(Collection<Key> named) {
    return jdbc.sql(
            """
            select m.day, m.instance_id, m.model
            from unnest(:days, :instances, :models) as w (day, instance_id, model)
            join usage_models m
              on m.day = w.day::date and m.instance_id = w.instance_id::uuid and m.model = w.model
            """)
        .param("days", Parameters.texts(named, k -> k.day().toString()))
        .param("instances", Parameters.texts(named, k -> k.instance().toString()))
        .param("models", Parameters.texts(named, Key::model))
        .query(
            (rs, n) ->
                new Key(
                    rs.getObject("day", LocalDate.class),
                    rs.getObject("instance_id", UUID.class),
                    rs.getString("model")))
        .list();
  }
}
