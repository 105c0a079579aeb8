package io.claviger.persistence.limits;

import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.UserLimits;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.StoredBudgets;
import io.claviger.persistence.shared.StoredPaces;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads all limits that administrators set for a user and for the user's groups. The limits are in
 * a single column, so that other statements can include them and read everything at the same
 * moment.
 *
 * <p>The column is an array of texts. Each text is one set of limits. The text contains the group's
 * id, whether the limits are pooled, and the six limits, separated by tabs. If a limit is a list,
 * each item is on its own line. The names of models and operations never contain tabs or line
 * feeds.
 */
public final class UserLimitRows {
  private static final String COLUMN = "set_limits";
  private static final String TAB = "\t";
  private static final String LINE = "\n";

  /**
   * Reads one more set of limits than is allowed, so that the code that reads the column notices if
   * there are too many sets.
   */
  private static final String TEXTS =
      """
      array(
        select concat_ws(E'\\t', coalesce(cast(l.group_id as text), ''), l.pooled,
          coalesce(cast(l.limit_requests_per_minute as text), ''),
          coalesce(array_to_string(l.limit_models, E'\\n'), ''),
          coalesce(array_to_string(l.limit_operations, E'\\n'), ''),
          coalesce(cast(l.limit_max_output_tokens as text), ''),
          coalesce(array_to_string(l.limit_budgets, E'\\n'), ''),
          coalesce(array_to_string(l.limit_pace, E'\\n'), ''))
        from (
          (select null::uuid as group_id, false as pooled, ul.limit_requests_per_minute,
            ul.limit_models, ul.limit_operations, ul.limit_max_output_tokens, ul.limit_budgets,
            ul.limit_pace
          from user_limits ul
          where ul.user_id = {user} and ul.sets_any)
          union all
          (select gl.group_id, gl.pooled, gl.limit_requests_per_minute, gl.limit_models,
            gl.limit_operations, gl.limit_max_output_tokens, gl.limit_budgets, gl.limit_pace
          from group_members gm
          join group_limits gl on gl.group_id = gm.group_id and gl.sets_any
          where gm.user_id = {user}
          order by gl.group_id, gl.pooled
          limit {most})
        ) l)
      """
          .replace("{most}", String.valueOf(UserLimits.MOST + 1));

  private UserLimitRows() {}

  /**
   * Returns the column for the {@code select} list of a statement, followed by a comma.
   *
   * @param user the SQL expression for the user's id
   */
  public static String column(String user) {
    return expression(user) + " as " + COLUMN + ",\n";
  }

  /** Returns the column's SQL expression, without the column's name and without a comma. */
  public static String expression(String user) {
    return TEXTS.replace("{user}", user);
  }

  public static UserLimits read(Row row) throws SQLException {
    return of(row.texts(COLUMN));
  }

  public static UserLimits of(List<String> texts) {
    if (texts.isEmpty()) {
      return UserLimits.NONE;
    }
    Limits own = Limits.NONE;
    Map<UUID, UserLimits.OfGroup> groups = new LinkedHashMap<>();
    for (String text : texts) {
      String[] part = text.split(TAB, -1);
      if (part[0].isEmpty()) {
        own = limits(part);
      } else {
        UUID group = UUID.fromString(part[0]);
        Limits limits = limits(part);
        groups.merge(
            group,
            part[1].equals("t")
                ? new UserLimits.OfGroup(group, Limits.NONE, limits)
                : new UserLimits.OfGroup(group, limits, Limits.NONE),
            (each, pooled) -> new UserLimits.OfGroup(group, each.each(), pooled.pooled()));
      }
    }
    return new UserLimits(own, List.copyOf(groups.values()));
  }

  private static Limits limits(String[] part) {
    return new Limits(
            number(part[2]),
            set(part[3], ModelPattern::new),
            set(part[4], Operation::new),
            number(part[5]),
            StoredBudgets.read(lines(part[6])))
        .with(StoredPaces.read(lines(part[7])));
  }

  private static Optional<List<String>> lines(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(List.of(text.split(LINE)));
  }

  private static Optional<Integer> number(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(text));
  }

  private static <T> Optional<Set<T>> set(String text, Function<String, T> item) {
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(text.lines().map(item).collect(Collectors.toSet()));
  }

  /**
   * Returns whether administrators have set limits for the members of one of the user's groups.
   * Until the transaction ends, nobody else can set limits for these groups.
   */
  public static boolean limitMember(JdbcClient jdbc, User.Id user) {
    String[] held =
        jdbc.sql(
                """
                select g.id::text
                from group_members m
                join groups g on g.id = m.group_id
                where m.user_id = :user
                order by g.id
                for share of g
                """)
            .param("user", user.value())
            .query(String.class)
            .list()
            .toArray(String[]::new);
    // This has to be a separate statement, so that it sees the changes of the transactions that
    // held the lock before.
    return jdbc.sql(
            """
            select exists (
              select from group_limits
              where group_id = any (cast(:held as uuid[])) and sets_any)
            """)
        .param("held", held)
        .query(Boolean.class)
        .single();
  }
}
