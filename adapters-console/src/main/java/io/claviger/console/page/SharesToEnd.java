package io.claviger.console.page;

import io.claviger.domain.sharing.GranteeName;
import io.claviger.web.pages.Visit;
import io.claviger.web.server.Form;
import java.util.List;
import java.util.function.Consumer;

/**
 * The page that asks whether the shares of several users and groups are to be ended.
 *
 * @param back the address of the page with the list of shares
 * @param thing the name of what is shared
 * @param effect what the users and groups lose; the page completes this text with {@code thing}
 * @param count how many shares would be ended, in words
 * @param names the users and groups whose shares would be ended
 */
public record SharesToEnd(
    String back, String thing, String effect, String count, List<String> names) {
  /**
   * The prefix of the names of the check boxes. The name of the user or group follows this prefix.
   */
  private static final String BOX = "end-";

  private static final String SURE = "sure";

  public SharesToEnd {
    names = List.copyOf(names);
  }

  public SharesToEnd(String back, String thing, String effect, List<String> names) {
    this(
        back,
        thing,
        effect,
        Numbers.counted(names.size(), "person or group", "people and groups"),
        names);
  }

  /**
   * Ends the shares that are selected in a form, after the user has confirmed this in the form.
   *
   * @param back the address to which the browser is redirected if shares were ended, or if nothing
   *     was selected
   * @param end ends one share; throws an exception if this is refused
   * @param ask shows the page that asks for confirmation, with the names of the selected users and
   *     groups in their order
   */
  public static void submit(
      Visit visit, String back, Consumer<GranteeName> end, Consumer<List<String>> ask) {
    Form form = visit.form();
    List<String> names = chosen(form);
    if (!names.isEmpty() && form.value(SURE).isEmpty()) {
      ask.accept(names);
      return;
    }
    // All names are read before the first share ends.
    names.stream().map(GranteeName::of).toList().forEach(end);
    visit.redirect(back);
  }

  private static List<String> chosen(Form form) {
    return form.names().stream()
        .filter(name -> name.startsWith(BOX))
        .map(name -> name.substring(BOX.length()))
        .sorted()
        .toList();
  }

  /** Returns the name of the check box that selects a user or group. */
  public static String box(String name) {
    return BOX + name;
  }
}
