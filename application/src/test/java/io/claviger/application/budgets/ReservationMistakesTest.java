package io.claviger.application.budgets;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The tests of {@link BudgetReservations} notice mistakes in its classes. Each mistake is compiled
 * into a copy of its class, and the tests run with that copy.
 */
@Tag("thorough")
final class ReservationMistakesTest {
  private static final String PREFIX = "io.claviger.application.";

  /**
   * A mistake on purpose.
   *
   * @param type the class that has it
   * @param right what the class has
   * @param wrong what it has instead
   * @param noticedBy the test that fails
   */
  private record Mistake(String what, String type, String right, String wrong, String noticedBy) {
    /** The code that is wrong then, however its lines are broken. */
    Pattern place() {
      return Pattern.compile(
          Stream.of(right.split("\\s+")).map(Pattern::quote).collect(joining("\\s+")));
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private static final List<Mistake> MISTAKES =
      List.of(
          new Mistake(
              "the part of a reservation that was spent is free again",
              "WindowLease",
              "free + amount - charge",
              "free + amount",
              "what_a_call_cost_beyond_its_reservation_is_taken_from_what_is_free"),
          new Mistake(
              "what a call cost beyond its reservation is added to what is free",
              "WindowLease",
              "free - (charge - amount)",
              "free + (charge - amount)",
              "what_a_call_cost_beyond_its_reservation_is_taken_from_what_is_free"),
          new Mistake(
              "what calls under way have reserved is stated as returned",
              "WindowLease",
              "spent, reserved + free,",
              "spent, free,",
              "who_holds_much_of_a_pool_leaves_room_for_who_was_refused"),
          new Mistake(
              "what calls took while the ledger was asked is free again",
              "WindowLease",
              "free + answer.held() - stated.held()",
              "answer.held()",
              "what_calls_take_while_the_ledger_is_asked_is_not_there_twice"),
          new Mistake(
              "an exchange that was not answered yet counts as done",
              "WindowLease",
              "uncertain = true",
              "uncertain = false",
              "a_call_is_not_refused_while_what_would_suffice_is_being_returned"),
          new Mistake(
              "a call reserves more than is free",
              "LeasedBudget",
              "amount <= current.free()",
              "true",
              "a_call_that_does_not_fit_is_told_what_would_have_fitted_and_when_the_window_ends"),
          new Mistake(
              "a call is charged to the window in which it ends",
              "LeasedBudget",
              "lease.settle(reserved.amount(), charge)",
              "current.settle(reserved.amount(), charge)",
              "a_call_belongs_to_the_window_in_which_it_was_reserved"),
          new Mistake(
              "the lease of a window that is over is used once more",
              "LeasedBudget",
              "answered && !changed && now - goodUntil < 0",
              "answered && !changed",
              "a_portion_of_a_window_that_is_over_is_not_used"),
          new Mistake(
              "a lowered budget is not noticed",
              "LeasedBudget",
              "!isGood(now) || most < grantedBy",
              "!isGood(now)",
              "a_lowered_budget_admits_nothing_new_even_of_what_was_leased_ahead"),
          new Mistake(
              "a raise that was made or ended early is not noticed",
              "LeasedBudget",
              "changed = true;",
              "changed = false;",
              "after_a_change_the_ledger_is_asked_before_more_is_used_of_a_lease"),
          new Mistake(
              "an account is forgotten while calls hold a part of it",
              "LeasedBudget",
              "former.isEmpty() && current.isOver()",
              "former.isEmpty()",
              "accounts_that_no_call_uses_are_forgotten"),
          new Mistake(
              "two threads take the same part",
              "LeasedBudget",
              "synchronized AccountReservation take(",
              "AccountReservation take(",
              "whatever_reads_or_changes_a_lease_has_its_lock"),
          new Mistake(
              "a reservation is settled twice",
              "ReserveAttempt",
              "!ended.compareAndSet(false, true)",
              "ended.get()",
              "a_reservation_ends_once"),
          new Mistake(
              "what a refused call took of its other budgets is lost",
              "ReserveAttempt",
              "AccountReservation.Refused refused) {\n    release();",
              "AccountReservation.Refused refused) {",
              "a_refused_call_returns_what_it_took_of_its_other_budgets"),
          new Mistake(
              "small calls that wait get nothing where large ones do not fit",
              "Need",
              "Math.min(smallest, other.smallest)",
              "Math.max(smallest, other.smallest)",
              "calls_that_wait_need_their_sum_and_at_least_the_smallest_of_the_smaller_budget"),
          new Mistake(
              "a node that ends keeps what it leased ahead",
              "BudgetReservations",
              "exchanges.end();",
              "",
              "a_node_that_ends_returns_all_that_its_calls_do_not_hold"),
          new Mistake(
              "a node that was silent does not ask what became of its leases",
              "BudgetReservations",
              "SILENCE.minus(SIGN_EVERY)) > 0",
              "SILENCE.plus(SIGN_EVERY)) > 0",
              "what_a_node_held_that_was_silent_for_a_minute_counts_as_used_until_it_reports"));

  static Stream<Mistake> mistakes() {
    return MISTAKES.stream();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_noticed(Mistake mistake) throws IOException {
    assertThat(failing(List.of(mistake), new Classes(compiled(mistake)))).hasSize(1);
  }

  @Test
  void without_a_mistake_nothing_fails() {
    assertThat(failing(MISTAKES, new Classes(Map.of()))).isEmpty();
  }

  /** Runs the tests that notice these mistakes, and returns those that fail. */
  private static List<String> failing(List<Mistake> mistakes, Classes classes) {
    List<DiscoverySelector> tests =
        mistakes.stream().map(Mistake::noticedBy).distinct().map(classes::test).toList();
    List<String> failing = new ArrayList<>();
    List<String> passed = new ArrayList<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
              boolean isPassed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
              (isPassed ? passed : failing).add(test.getDisplayName() + result.getThrowable());
            }
          }
        };
    LauncherFactory.create()
        .execute(
            LauncherExecutionRequestBuilder.request(
                    LauncherDiscoveryRequestBuilder.request()
                        .selectors(tests)
                        .configurationParameter("junit.jupiter.execution.timeout.default", "10 s")
                        .configurationParameter(
                            "junit.jupiter.execution.timeout.thread.mode.default",
                            "SEPARATE_THREAD")
                        .build())
                .listeners(listener)
                .build());
    assertThat(failing.size() + passed.size()).isEqualTo(tests.size());
    return failing;
  }

  /** Compiles a class with a mistake. Returns it and the classes in it, by their names. */
  private static Map<String, byte[]> compiled(Mistake mistake) throws IOException {
    Path file = Path.of("src/main/java/io/claviger/application/budgets", mistake.type() + ".java");
    String[] around = mistake.place().split(Files.readString(file), -1);
    assertThat(around.length - 1).as(() -> "places in " + file + " of " + mistake.right()).isOne();
    String wrong = around[0] + mistake.wrong() + around[1];
    JavaFileObject source =
        new SimpleJavaFileObject(
            URI.create("mistake:///" + mistake.type() + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return wrong;
          }
        };
    Map<String, ByteArrayOutputStream> written = new HashMap<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (JavaFileManager files =
        new ForwardingJavaFileManager<JavaFileManager>(
            compiler.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mistake:///" + name), kind) {
              @Override
              public OutputStream openOutputStream() {
                return written.computeIfAbsent(name, n -> new ByteArrayOutputStream());
              }
            };
          }
        }) {
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      assertThat(
              compiler
                  .getTask(
                      null,
                      files,
                      null,
                      List.of("-proc:none", "-cp", classPath),
                      null,
                      List.of(source))
                  .call())
          .isTrue();
    }
    Map<String, byte[]> classes = new HashMap<>();
    written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  /** The classes of this module anew, some of them replaced, and all others as they are. */
  private static final class Classes extends ClassLoader {
    private final Map<String, byte[]> replaced;

    Classes(Map<String, byte[]> replaced) {
      super(ReservationMistakesTest.class.getClassLoader());
      this.replaced = replaced;
    }

    /** The test of this name in one of the two classes. */
    DiscoverySelector test(String method) {
      for (Class<?> type :
          List.of(BudgetReservationsTest.class, BudgetReservationsWithoutDatabaseTest.class)) {
        if (Stream.of(type.getDeclaredMethods()).anyMatch(m -> m.getName().equals(method))) {
          try {
            return selectMethod(loadClass(type.getName()), method);
          } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
          }
        }
      }
      throw new IllegalStateException("there is no test " + method);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!name.startsWith(PREFIX)) {
          return super.loadClass(name, resolve);
        }
        Class<?> known = findLoadedClass(name);
        return known != null ? known : defined(name);
      }
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = replaced.containsKey(name) ? replaced.get(name) : file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
