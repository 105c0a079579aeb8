package io.claviger.console.page;

import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.Visit;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.server.Form;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The page that asks whether the shares of several users and groups are to be ended.
 *
 * @param back the address of the page with the list of shares
 * @param thing the name of what is shared
 * @param effect the words that follow {@code thing} in the sentence about what the users and groups
 *     lose
 * @param count the number of shares that would be ended, in words
 * @param chosen the shares that would be ended
 */
public record SharesToEnd(
    String back, String thing, String effect, String count, List<Chosen> chosen) {
  /**
   * The prefix of the names of the check boxes. The name of the user or group follows this prefix.
   * The value of a check box is the version that the share had when the page was shown.
   */
  private static final String BOX = "end-";

  private static final String SURE = "sure";

  public SharesToEnd {
    chosen = List.copyOf(chosen);
  }

  public SharesToEnd(String back, String thing, String effect, List<Chosen> chosen) {
    this(
        back,
        thing,
        effect,
        Numbers.counted(chosen.size(), "person or group", "people and groups"),
        chosen);
  }

  /**
   * A share that the user has selected.
   *
   * @param name the name of the user or group who has the share
   * @param version the version that the share had when the user selected it
   */
  public record Chosen(String name, String version) {
    public String box() {
      return SharesToEnd.box(name);
    }
  }

  /**
   * The shares of one service or project.
   *
   * @param end a function that ends the share of a user or group if the share meets a condition
   * @param find a function that finds the share of a user or group
   */
  public record Shared(
      BiFunction<GranteeName, Precondition, Outcome<GranteeName>> end,
      Function<GranteeName, Outcome<Share>> find) {}

  /**
   * Ends the shares that are selected in a form, after the user has confirmed this in the form.
   *
   * @param back the address to which the browser is redirected if shares were ended, or if nothing
   *     was selected
   * @param shares the list of shares, some of which are selected
   * @param ask an action that shows the page for confirmation, with the selected shares in the
   *     order of their names
   */
  public static void submit(Visit visit, String back, Shared shares, Consumer<List<Chosen>> ask) {
    Form form = visit.form();
    List<Chosen> chosen = chosen(form);
    if (!chosen.isEmpty() && form.value(SURE).isEmpty()) {
      ask.accept(chosen);
      return;
    }
    // All names and versions are read before the first share ends. So no share ends if a name or
    // version is invalid.
    Map<GranteeName, Precondition> wanted = new LinkedHashMap<>();
    chosen.forEach(
        each -> wanted.put(GranteeName.of(each.name()), Versions.unchanged(each.version())));
    wanted.forEach((name, unchanged) -> end(shares, name, unchanged));
    visit.redirect(back);
  }

  /**
   * Ends a share, unless somebody has changed it since the page was shown. If the share has already
   * ended, this method does nothing.
   */
  public static void end(Shared shares, GranteeName name, Precondition unchanged) {
    switch (shares.end().apply(name, unchanged)) {
      case Outcome.Done<GranteeName> done -> {}
      case Outcome.Refused<GranteeName> refused -> {
        if (!(refused.why() instanceof Refusal.PreconditionFailed)) {
          throw new RefusedException(refused.why());
        }
        if (shares.find().apply(name) instanceof Outcome.Done<Share>) {
          throw new ProblemException(
              new Problem(
                  Difference.PRECONDITION_FAILED,
                  "precondition_failed",
                  "Somebody else changed what "
                      + name
                      + " has while you had the page open, so it did not end. Open the page again"
                      + " to see what changed."));
        }
      }
    }
  }

  private static List<Chosen> chosen(Form form) {
    return form.names().stream()
        .filter(name -> name.startsWith(BOX))
        .sorted()
        .map(name -> new Chosen(name.substring(BOX.length()), form.value(name).orElse("")))
        .toList();
  }

  /** Returns the name of the check box that selects a user or group. */
  public static String box(String name) {
    return BOX + name;
  }
}
