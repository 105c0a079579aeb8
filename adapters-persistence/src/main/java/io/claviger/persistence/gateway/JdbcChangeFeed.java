package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.persistence.shared.Database;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@link ChangeFeed} on the log that database triggers write. Each query is one statement. */
public final class JdbcChangeFeed implements ChangeFeed {
  private static final UUID EVERYTHING = new UUID(0, 0);

  private final JdbcClient jdbc;

  /**
   * @param database has connections for this object alone, so that it never waits for one
   */
  public JdbcChangeFeed(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * A line of the change log, with the current value of the change counter. If there is no new
   * change, {@code point} is 0 and {@code subject} is null.
   */
  private record Line(long reached, long point, @Nullable UUID subject) {}

  @Override
  public Since since(OptionalLong point) {
    return point.isEmpty() ? beginning() : after(point.getAsLong());
  }

  private Since beginning() {
    long now = jdbc.sql("select point from change_counter").query(Long.class).single();
    return new Since(now, Set.of(), true);
  }

  private Since after(long point) {
    List<Line> lines =
        jdbc.sql(
                """
                select c.point as reached, h.point, h.subject
                from change_counter c
                left join changes h on h.point > :point
                """)
            .param("point", point)
            .query(
                (rs, n) ->
                    new Line(
                        rs.getLong("reached"),
                        rs.getLong("point"),
                        rs.getObject("subject", UUID.class)))
            .list();
    long reached = lines.get(0).reached();
    Set<Long> points = new HashSet<>();
    Set<UUID> subjects = new HashSet<>();
    for (Line line : lines) {
      if (line.subject() != null) {
        points.add(line.point());
        subjects.add(line.subject());
      }
    }
    boolean everything = subjects.remove(EVERYTHING);
    // Each point has exactly one line. Missing lines were either removed already, or the database
    // was restored from a backup and its counter went back.
    boolean complete = points.size() == reached - point;
    return new Since(reached, subjects, everything || !complete);
  }
}
