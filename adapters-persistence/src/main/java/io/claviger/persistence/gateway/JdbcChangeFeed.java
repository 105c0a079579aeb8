package io.claviger.persistence.gateway;

import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.PrimaryAnswers;
import io.claviger.persistence.shared.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link ChangeFeed} with the log that database triggers write. Each query is one
 * statement, whose result also identifies the answering server. After a failover, the new server
 * might lack the last changes of the former server, and might have other changes under the same
 * numbers. A dump that was restored while nodes were running has the same effect, even on the same
 * server. So if the answering server or table differs from the previous one, everything counts as
 * changed. Answers from read replicas are ignored.
 */
public final class JdbcChangeFeed implements ChangeFeed {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcChangeFeed.class);
  private static final UUID EVERYTHING = new UUID(0, 0);

  /**
   * The longest pause between two readings that counts as short. While calls arrive, a task reads
   * the log with pauses that are several times shorter. A node without calls that holds minted
   * tokens reads the log with longer pauses.
   */
  private static final Duration SHORT_PAUSE = Duration.ofMillis(100);

  private final JdbcClient jdbc;
  private final RevocationTimes times;
  private final Runnable otherServer;
  private Optional<Source> source = Optional.empty();

  /** The time of the end of the last reading. */
  private long read;

  /** Whether the pause before the last reading was short. */
  private boolean wasPauseShort;

  /**
   * @param database the database, with connections for this object alone, so that this object never
   *     waits for a connection
   * @param times the object that records, for each change, how long after the change this node read
   *     it
   * @param otherServer an action that runs if another server answers, if the server was restarted,
   *     or if a dump was restored. {@link #since} returns only after the action has run
   */
  public JdbcChangeFeed(Database database, RevocationTimes times, Runnable otherServer) {
    this.jdbc = database.jdbc();
    this.times = times;
    this.otherServer = otherServer;
    this.read = System.nanoTime() - SHORT_PAUSE.toNanos();
  }

  /**
   * A line of the change log, and the present value of the change counter. Without a new change,
   * {@code point} is 0 and {@code subject} is null. The age is measured with the database's clock.
   */
  private record Line(
      Source source, long reached, long point, @Nullable UUID subject, long ageMicros) {}

  /**
   * The source of an answer: a server, and a table on that server.
   *
   * @param started the time at which the server was started, in microseconds. Different servers
   *     were never started at the same time
   * @param table the server's id (OID) for the counter's table. The tables of a restored dump get
   *     other ids
   */
  private record Source(long started, long table) {}

  private static final String ANSWERING =
      "(extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as server, "
          + "c.tableoid::bigint as counted_in, "
          + PrimaryAnswers.COLUMN
          + "\n";

  @Override
  public Since since(OptionalLong point) {
    return point.isEmpty() ? beginning() : after(point.getAsLong());
  }

  private Since beginning() {
    Line now =
        jdbc.sql("select c.point as reached, " + ANSWERING + "from change_counter c")
            .query((rs, n) -> new Line(source(rs), rs.getLong("reached"), 0, null, 0))
            .single();
    boolean unused = isOther(now.source());
    return new Since(now.reached(), Set.of(), true);
  }

  private Since after(long point) {
    long began = System.nanoTime();
    List<Line> lines =
        jdbc.sql(
                """
                select c.point as reached, h.point, h.subject,
                  (extract(epoch from clock_timestamp() - h.at) * 1000000)::bigint as age,
                """
                    + ANSWERING
                    + """
                    from change_counter c
                    left join changes h on h.point > :point
                    """)
            .param("point", point)
            .query(
                (rs, n) ->
                    new Line(
                        source(rs),
                        rs.getLong("reached"),
                        rs.getLong("point"),
                        rs.getObject("subject", UUID.class),
                        rs.getLong("age")))
            .list();
    boolean other = isOther(lines.get(0).source());
    measure(lines, began);
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
    // Each value of the change counter has exactly one line in the log. If lines are missing, they
    // have already been removed, or the counter was set back.
    boolean complete = points.size() == reached - point;
    return new Since(reached, subjects, everything || !complete || other);
  }

  private static Source source(ResultSet row) throws SQLException {
    PrimaryAnswers.require(Row.of(row));
    return new Source(row.getLong("server"), row.getLong("counted_in"));
  }

  /**
   * Returns whether the source of this answer differs from the source of the previous answer. The
   * source is stored only after {@link #otherServer} has run. So if that action fails, it runs
   * again when the next answer arrives.
   */
  private boolean isOther(Source answering) {
    boolean other = source.filter(before -> !before.equals(answering)).isPresent();
    if (other) {
      LOG.info(
          "the database server was replaced or restarted, or the database was restored: all cached"
              + " rows are dropped");
      otherServer.run();
    }
    source = Optional.of(answering);
    return other;
  }

  /**
   * Records the age of the oldest change plus the duration of the whole query. The sum is an upper
   * bound: the database might have read its clock at any time during the query.
   *
   * <p>Records the sum only if the pauses before this reading and before the previous reading were
   * short. After a longer time without calls, the first reading is made by a call. The task that
   * reads the log may sleep for up to 80 milliseconds more. So the second reading can find an old
   * change, although no call has used a row that had been cached for so long.
   */
  private void measure(List<Line> lines, long began) {
    long now = System.nanoTime();
    boolean isPauseShort = began - read < SHORT_PAUSE.toNanos();
    read = now;
    long oldest =
        lines.stream()
            .filter(line -> line.subject() != null)
            .mapToLong(Line::ageMicros)
            .max()
            .orElse(-1);
    if (isPauseShort && wasPauseShort && oldest >= 0) {
      times.record(Duration.ofNanos(oldest * 1_000 + now - began));
    }
    wasPauseShort = isPauseShort;
  }
}
