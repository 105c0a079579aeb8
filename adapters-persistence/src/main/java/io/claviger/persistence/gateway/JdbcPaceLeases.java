package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.PaceLeases;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link PaceLeases} with functions of the database. All nodes use the clock of the
 * database.
 */
public final class JdbcPaceLeases implements PaceLeases {
  private final JdbcClient jdbc;

  public JdbcPaceLeases(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public TokenLease leaseTokens(
      String subject, long perMinute, long needed, long wanted, Duration lifetime) {
    return jdbc.sql(
            """
            select lease, granted, ceil(extract(epoch from retry_after) * 1000)::bigint as millis
            from lease_tokens(
              :subject, :per_minute, :needed, :wanted, make_interval(secs => :seconds))
            """)
        .param("subject", subject)
        .param("per_minute", perMinute)
        .param("needed", needed)
        .param("wanted", wanted)
        .param("seconds", Parameters.seconds(lifetime))
        .query(
            (rs, n) ->
                new TokenLease(
                    rs.getLong("lease"),
                    rs.getLong("granted"),
                    Duration.ofMillis(rs.getLong("millis"))))
        .single();
  }

  @Override
  public void giveBack(Collection<UsedTokens> leases) {
    Database.update(
        jdbc.sql(
                """
                update token_leases l
                set granted = least(l.granted, u.used),
                    ends_at = least(l.ends_at, clock_timestamp())
                from unnest(:subjects, cast(:leases as bigint[]), cast(:used as bigint[]))
                  as u (subject, lease, used)
                where l.id = u.lease and l.subject = u.subject
                """)
            .param("subjects", Parameters.texts(leases, UsedTokens::subject))
            .param("leases", Parameters.texts(leases, each -> Long.toString(each.lease())))
            .param("used", Parameters.texts(leases, each -> Long.toString(each.used()))));
  }

  @Override
  public void owe(String subject, long perMinute, long tokens) {
    Object unused =
        jdbc.sql("select cast(owe_tokens(:subject, :per_minute, :tokens) as text)")
            .param("subject", subject)
            .param("per_minute", perMinute)
            .param("tokens", tokens)
            .query()
            .singleRow();
  }

  @Override
  public int leasePlaces(PlaceWish wish, int most, Duration lifetime) {
    return jdbc.sql(
            """
            select lease_places(
              :subject, :node, :most, :running, :wanted, make_interval(secs => :seconds))
            """)
        .param("subject", wish.subject())
        .param("node", wish.node())
        .param("most", most)
        .param("running", wish.running())
        .param("wanted", wish.wanted())
        .param("seconds", Parameters.seconds(lifetime))
        .query(Integer.class)
        .single();
  }

  @Override
  public Set<String> renewPlaces(UUID node, Collection<PlaceWish> wishes, Duration lifetime) {
    return new HashSet<>(
        jdbc.sql(
                """
                select renew_places(
                  :node, :subjects, cast(:wanted as integer[]), make_interval(secs => :seconds))
                """)
            .param("node", node)
            .param("subjects", Parameters.texts(wishes, PlaceWish::subject))
            .param("wanted", Parameters.texts(wishes, each -> Integer.toString(each.wanted())))
            .param("seconds", Parameters.seconds(lifetime))
            .query(String.class)
            .list());
  }
}
