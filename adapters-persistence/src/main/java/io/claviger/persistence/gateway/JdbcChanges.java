package io.claviger.persistence.gateway;

import io.claviger.application.gateway.out.Changes;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@link Changes} as triggers write them down, one statement for each look. */
final class JdbcChanges implements Changes {
  private static final UUID EVERYTHING = new UUID(0, 0);

  private final JdbcClient jdbc;

  JdbcChanges(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Line(long point, UUID subject) {}

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
                select c.point, h.subject
                from change_counter c
                left join changes h on h.point > :point
                """)
            .param("point", point)
            .query((rs, n) -> new Line(rs.getLong("point"), rs.getObject("subject", UUID.class)))
            .list();
    Set<UUID> subjects = new HashSet<>();
    for (Line line : lines) {
      if (line.subject() != null) {
        subjects.add(line.subject());
      }
    }
    boolean everything = subjects.remove(EVERYTHING);
    return new Since(lines.get(0).point(), subjects, everything);
  }
}
