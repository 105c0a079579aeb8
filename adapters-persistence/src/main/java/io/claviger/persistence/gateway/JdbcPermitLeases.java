package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link PermitLeases} with a function of the database. All nodes use the clock of the
 * database.
 */
public final class JdbcPermitLeases implements PermitLeases {
  private final JdbcClient jdbc;

  public JdbcPermitLeases(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Lease lease(String subject, int perMinute, int wanted, Duration lifetime) {
    return jdbc.sql(
            """
            select lease, granted, ceil(extract(epoch from retry_after) * 1000)::bigint as millis
            from lease_permits(:subject, :per_minute, :wanted, make_interval(secs => :seconds))
            """)
        .param("subject", subject)
        .param("per_minute", perMinute)
        .param("wanted", wanted)
        .param("seconds", Parameters.seconds(lifetime))
        .query(
            (rs, n) ->
                new Lease(
                    rs.getLong("lease"),
                    rs.getInt("granted"),
                    Duration.ofMillis(rs.getLong("millis"))))
        .single();
  }

  @Override
  public int counted(String subject) {
    return jdbc.sql(
            """
            select coalesce(sum(granted), 0)
            from permit_leases
            where subject = :subject and ends_at > clock_timestamp() - interval '60 seconds'
            """)
        .param("subject", subject)
        .query(Integer.class)
        .single();
  }

  @Override
  public void giveBack(EndedPermitLease used) {
    Database.update(
        jdbc.sql(
                """
                update permit_leases
                set granted = least(granted, :used), ends_at = least(ends_at, clock_timestamp())
                where id = :lease and subject = :subject
                """)
            .param("used", used.used())
            .param("lease", used.lease())
            .param("subject", used.subject()));
  }
}
