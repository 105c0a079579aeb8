package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.ClientProgram;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import picocli.CommandLine;

/** Somebody's machine: a home directory, and commands that are executed in this process. */
final class Machine {
  /** The name of the server to which the user is signed in. */
  static final String SERVER = "here";

  private final Path home;
  private final Map<String, String> environment = new HashMap<>();
  private volatile StringWriter printing = new StringWriter();

  Machine(Path home) {
    this.home = home;
    environment.put("HOME", home.toString());
    environment.put("PATH", System.getenv("PATH"));
  }

  /** The result of a command. */
  record Result(int exitCode, String out, String err) {
    /** Asserts that the command succeeded. */
    Result done() {
      assertThat(exitCode).as("%s%s", out, err).isZero();
      return this;
    }

    /** Asserts that the command failed, and said why in lines without a stack trace. */
    Result failed() {
      assertThat(exitCode).as("%s%s", out, err).isEqualTo(1);
      assertThat(err).startsWith("claviger: ").doesNotContain("\tat ", "Exception");
      return this;
    }

    /** Asserts that the command found something to change. */
    Result planned() {
      assertThat(exitCode).as("%s%s", out, err).isEqualTo(4);
      return this;
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }

  Path home() {
    return home;
  }

  Map<String, String> environment() {
    return environment;
  }

  SavedSignIns signIns() {
    return new SavedSignIns(home.resolve(".config").resolve("claviger"));
  }

  Machine signedIn(SavedSignIn signIn) {
    signIns().add(SERVER, signIn);
    return this;
  }

  Result run(String... arguments) {
    return run(TypedTerminal.NONE, arguments);
  }

  /** Runs a command with this standard input. */
  Result runReading(String input, String... arguments) {
    return run(new TypedTerminal(input, Optional.empty(), OptionalInt.empty()), arguments);
  }

  /** Runs a command on a terminal. The user types a line when the command asks. */
  Result runTyping(String typed, int columns, String... arguments) {
    return run(new TypedTerminal("", Optional.of(typed), OptionalInt.of(columns)), arguments);
  }

  /** Runs a command on a terminal at which the answer depends on the question. */
  Result runAnswering(UnaryOperator<String> answer, String... arguments) {
    return run(new AnsweringTerminal(answer), arguments);
  }

  /** What the last command has printed so far. */
  String printed() {
    return printing.toString();
  }

  private Result run(Terminal terminal, String... arguments) {
    StringWriter out = new StringWriter();
    printing = out;
    StringWriter err = new StringWriter();
    CommandLine line =
        ClientProgram.of(
            arguments[0], new ProgramContext(environment, terminal, Clock.systemUTC(), "0.2.0"));
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int exitCode = line.execute(arguments);
    return new Result(exitCode, out.toString(), err.toString());
  }
}
