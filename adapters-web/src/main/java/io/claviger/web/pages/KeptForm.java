package io.claviger.web.pages;

import io.claviger.domain.credentials.CredentialKind;
import io.claviger.web.server.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A form that a user sent after their session had ended. The answer is a page with the typed
 * values, so that the user can send the form again after signing in. The server does not store the
 * content of the form. The page leaves out the secrets that the user typed.
 */
final class KeptForm {
  /**
   * The field with the names of the secrets that were typed before the session ended, separated by
   * spaces. The page asks for them again, also if the form is sent without them.
   */
  private static final String TYPED_SECRETS = "typed_secrets";

  private static final Set<String> UNSEEN = Set.of("version");

  private final String path;
  private final List<String> names;
  private final Form form;

  private KeptForm(String path, Form form) {
    this.path = path;
    this.form = form;
    this.names =
        form.names().stream()
            .filter(name -> !name.equals(Visit.PROOF) && !name.equals(TYPED_SECRETS))
            .sorted()
            .toList();
  }

  static KeptForm of(Visit visit, Form form) {
    return new KeptForm(visit.path(), form);
  }

  HtmlPage signInFirst() {
    return HtmlPage.open(
        "Your session has ended",
        Html.warning("Nothing was saved, but what you typed is kept on this page."),
        Html.paragraph(
            Html.linkInNewTab(SignInPages.PATH, "Sign in"), Html.text(" in another tab; then:")),
        Html.form(path, Html.all(fields()), Html.button("Go on with what you typed")));
  }

  /** Returns the page for a user who has signed in again since opening the form. */
  HtmlPage sendAgain(String user, Html proof) {
    return HtmlPage.of(
        user,
        "Send this now?",
        Html.paragraph("You have signed in since you opened this form, so it was not sent yet."),
        Html.facts(typed()),
        Html.form(path, proof, Html.all(fields()), Html.button("Send it")),
        Html.paragraph(Html.link("/console", "Leave it")));
  }

  /**
   * Returns a part of a page for a script that sent the form in the background. The page with the
   * form stays open.
   */
  static Html hint() {
    return Html.warning(
        "Your session has ended. Sign in in another tab. What you typed stays here, and can be"
            + " sent then.");
  }

  private List<Html> fields() {
    Set<String> secrets = typedSecrets();
    List<Html> fields = new ArrayList<>();
    for (String name : names) {
      String value = Form.isSecret(name) ? "" : form.value(name).orElse("");
      fields.add(secrets.contains(name) ? secretField(name) : Html.hidden(name, value));
    }
    fields.add(Html.hidden(TYPED_SECRETS, String.join(" ", secrets)));
    return fields;
  }

  private Set<String> typedSecrets() {
    // A script might have sent any text in this field, such as the same name twice.
    Set<String> before =
        Stream.of(form.value(TYPED_SECRETS).orElse("").split(" "))
            .collect(Collectors.toUnmodifiableSet());
    return names.stream()
        .filter(Form::isSecret)
        .filter(name -> form.value(name).isPresent() || before.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Html secretField(String name) {
    String label = words(name) + ", which you have to type again";
    return CredentialKind.isFile(name)
        ? Html.optionalSecretArea(name, label)
        : Html.optionalSecretField(name, label);
  }

  private List<Html.Fact> typed() {
    return names.stream()
        .filter(name -> !Form.isSecret(name) && !UNSEEN.contains(name))
        .filter(name -> form.value(name).isPresent())
        .map(name -> new Html.Fact(words(name), form.value(name).orElseThrow()))
        .toList();
  }

  /** Returns the label that a page shows for the field with the given name. */
  static String words(String name) {
    String words = name.replace('_', ' ');
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
