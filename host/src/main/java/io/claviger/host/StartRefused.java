package io.claviger.host;

import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Thrown if Claviger does not start, or a command does not run, for a reason that the operator can
 * correct. Each line of the message is a complete sentence for standard error. No line contains a
 * secret or a stack trace.
 */
public final class StartRefused extends RuntimeException {
  private final List<String> lines;

  private boolean lasting;

  public StartRefused(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  public StartRefused(String line) {
    this(List.of(line));
  }

  /** The cause is only for debugging. Only the message's lines are printed. */
  public StartRefused(String line, Throwable cause) {
    this(line);
    initCause(cause);
  }

  /**
   * Returns a refusal that a restart can't overcome. Until the operator changes something, each
   * further start would fail and do harm.
   */
  public static StartRefused lasting(String line, Throwable cause) {
    StartRefused refused = new StartRefused(line, cause);
    refused.lasting = true;
    return refused;
  }

  /**
   * Returns the refusal that says that nobody can log in to a database.
   *
   * @param database the words with which the message begins, and which name the database
   */
  public static StartRefused byDatabase(String database, SQLException e) {
    return new StartRefused(database + " " + reason(e), e);
  }

  /**
   * Whether a supervisor must not restart the program, because a restart would fail again and do
   * harm.
   */
  public boolean isLasting() {
    return lasting;
  }

  public List<String> lines() {
    return lines;
  }

  /**
   * Explains why a connection to a database could not be opened, by the SQLSTATE (PostgreSQL
   * documentation, appendix A). Quotes the message of the server, the driver or the network only if
   * the SQLSTATE does not say enough.
   *
   * @return words without secrets that can follow the name of the database
   */
  public static String reason(SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    return switch (state) {
      case "28P01" -> "refuses the user or the password";
      case "28000" ->
          "does not let this user in from here: look at the server's pg_hba.conf, which might also"
              + " demand TLS (sslmode=require)";
      case "3D000" -> "does not exist on that server";
      case "53300" -> "has no connection left";
      case "57P03" -> "is starting up or shutting down";
      case "08001", "08006" ->
          isReplica(e)
              ? "is a replica, or has no primary server"
              : isOfTls(e)
                  ? "can't be reached by TLS: " + firstLine(e)
                  : isOfDriver(e) ? "can't be used: " + firstLine(e) : unreachable(e);
      // The default case includes 08004, with which the driver reports that the password is
      // missing, or that the server has no TLS.
      default -> "can't be used: " + firstLine(e);
    };
  }

  private static String unreachable(SQLException e) {
    String words = "can't be reached";
    Throwable cause = e.getCause();
    if (cause instanceof UnknownHostException) {
      return words + ": its host name can't be resolved";
    }
    if (cause instanceof SocketTimeoutException
        && String.valueOf(cause.getMessage()).startsWith("Connect")) {
      return words + ": nothing answers at this address";
    }
    // The driver states no cause if the whole attempt took too long. For the other causeless
    // failures, see isOfDriver.
    if (cause == null || cause instanceof SocketTimeoutException) {
      return words
          + ": it does not answer in time; if there is a pooler such as PgBouncer, it might have no"
          + " connection left";
    }
    if (cause instanceof EOFException) {
      return words + ": the connection was closed without an answer";
    }
    return cause instanceof SocketException && cause.getMessage() != null
        ? words + ": " + cause.getMessage()
        : words;
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElseGet(() -> String.valueOf(e.getSQLState()));
  }

  private static boolean isOfTls(SQLException e) {
    return e.getCause() instanceof SSLException;
  }

  /**
   * Whether the driver itself gave up, before it connected or after the server had accepted the
   * connection. For example, the address contains an unknown {@code sslmode}, the driver can't read
   * the file with the authorities, or the server's certificate is for another host.
   */
  private static boolean isOfDriver(SQLException e) {
    if ("08001".equals(e.getSQLState())) {
      return e.getCause() == null
          && !String.valueOf(e.getMessage()).startsWith("Connection attempt timed out");
    }
    return !(e.getCause() instanceof SocketException
        || e.getCause() instanceof InterruptedIOException
        || e.getCause() instanceof EOFException);
  }

  /**
   * Recognizes by its message a failure for which the driver has no SQLSTATE: servers answer, but
   * none has the requested type.
   */
  private static boolean isReplica(SQLException e) {
    return String.valueOf(e.getMessage()).contains(DatabaseAddress.SERVER_TYPE);
  }
}
