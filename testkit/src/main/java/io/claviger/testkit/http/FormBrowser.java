package io.claviger.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A browser without scripts. This browser keeps cookies, follows redirects on demand, and submits
 * forms with the headers that tell a server from which site a form was sent. This browser keeps
 * {@code Secure} cookies even over plain HTTP, so that a test can pretend that there is a proxy.
 */
public final class FormBrowser {
  private static final Pattern FORM = Pattern.compile("(?s)<form([^>]*)>(.*?)</form>");
  private static final Pattern INPUT = Pattern.compile("<input([^>]*)>");
  private static final Pattern AREA = Pattern.compile("(?s)<textarea([^>]*)>(.*?)</textarea>");
  private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Pattern SELECT = Pattern.compile("(?s)<select([^>]*)>(.*?)</select>");
  private static final Pattern CHECKED = Pattern.compile(" checked(?: |$|=)");
  private static final Pattern SELECTED = Pattern.compile(" selected(?: |$|=)");
  private static final Pattern OPTION = Pattern.compile("<option([^>]*)>");

  private final TestClient http;
  private final Map<String, String> cookies = new TreeMap<>();

  private FormBrowser(TestClient http) {
    this.http = http;
  }

  /** Returns a browser for the pages of one server. */
  public static FormBrowser of(URI server) {
    return new FormBrowser(TestClient.of(server));
  }

  /** Returns the browser's cookies by their names. The test may change the map. */
  public Map<String, String> cookies() {
    return cookies;
  }

  /** Opens a page as if somebody had typed its address. */
  public TestResponse open(String path) {
    return kept(http.get(path, headers("Sec-Fetch-Site", "none")));
  }

  /** Follows the redirect of a response. The redirect must lead to a page of the same server. */
  public TestResponse follow(TestResponse redirect) {
    redirect.isStatus(303);
    assertThat(redirect.header("Location")).startsWith("/").doesNotStartWith("//");
    return kept(http.get(redirect.header("Location"), headers("Sec-Fetch-Site", "same-origin")));
  }

  /**
   * Submits a form of the page, with values for some of the form's fields. The form is found by its
   * action, which is the given path.
   */
  public TestResponse submit(TestResponse page, String path, Map<String, String> filledIn) {
    Map<String, String> fields = new LinkedHashMap<>(fields(page, path));
    fields.putAll(filledIn);
    return post(path, fields, "Sec-Fetch-Site", "same-origin", "Origin", "null");
  }

  /** Submits a form with these headers, without opening a page with this form. */
  public TestResponse post(String path, Map<String, String> fields, String... headers) {
    String body =
        fields.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return kept(
        http.with("Content-Type", "application/x-www-form-urlencoded")
            .send("POST", path, BodyPublishers.ofString(body), headers(headers)));
  }

  /** Returns the hidden fields of the page's form with this action. */
  public static Map<String, String> fields(TestResponse page, String path) {
    Matcher forms = FORM.matcher(page.body());
    while (forms.find()) {
      Map<String, String> form = attributes(forms.group(1));
      if (path.equals(form.get("action")) && "post".equals(form.get("method"))) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher inputs = INPUT.matcher(forms.group(2));
        while (inputs.find()) {
          Map<String, String> input = attributes(inputs.group(1));
          fields.put(input.getOrDefault("name", ""), input.getOrDefault("value", ""));
        }
        Matcher areas = AREA.matcher(forms.group(2));
        while (areas.find()) {
          fields.put(
              attributes(areas.group(1)).getOrDefault("name", ""), unescaped(areas.group(2)));
        }
        return fields;
      }
    }
    throw new AssertionError("no form goes to " + path + ": " + page.body());
  }

  /**
   * Returns what a browser sends for an unchanged form: each check box only if it is ticked, and
   * the chosen entry of each list.
   *
   * @param path the action of the form
   */
  public static Map<String, String> unchanged(TestResponse page, String path) {
    String form = contents(page, path);
    Map<String, String> sent = new LinkedHashMap<>();
    inputs(form)
        .filter(input -> !"checkbox".equals(attributes(input).get("type")) || isSet(input, CHECKED))
        .map(FormBrowser::attributes)
        .forEach(input -> sent.put(input.get("name"), input.getOrDefault("value", "")));
    Matcher areas = AREA.matcher(form);
    while (areas.find()) {
      sent.put(attributes(areas.group(1)).get("name"), sentLines(unescaped(areas.group(2))));
    }
    Matcher lists = SELECT.matcher(form);
    while (lists.find()) {
      List<String> options =
          OPTION.matcher(lists.group(2)).results().map(option -> option.group(1)).toList();
      String chosen =
          options.stream()
              .filter(option -> isSet(option, SELECTED))
              .findFirst()
              .orElse(options.get(0));
      sent.put(
          attributes(lists.group(1)).get("name"), attributes(chosen).getOrDefault("value", ""));
    }
    return sent;
  }

  /** Returns the hidden fields of a page's form. */
  public static Map<String, String> hidden(TestResponse page, String path) {
    Map<String, String> hidden = new LinkedHashMap<>();
    inputs(contents(page, path))
        .map(FormBrowser::attributes)
        .filter(input -> "hidden".equals(input.get("type")))
        .forEach(input -> hidden.put(input.get("name"), input.getOrDefault("value", "")));
    return hidden;
  }

  /** Submits a form with exactly these fields, whatever the page contains. */
  public TestResponse submitOnly(String path, Map<String, String> fields) {
    return post(path, fields, "Sec-Fetch-Site", "same-origin", "Origin", "null");
  }

  private static Stream<String> inputs(String form) {
    return INPUT.matcher(form).results().map(input -> input.group(1));
  }

  private static boolean isSet(String tag, Pattern attribute) {
    return attribute.matcher(tag).find();
  }

  /** Browsers send texts with CR LF at the ends of lines. */
  private static String sentLines(String text) {
    return text.replaceAll("\\r\\n?|\\n", "\r\n");
  }

  private static String contents(TestResponse page, String path) {
    return FORM.matcher(page.body())
        .results()
        .filter(form -> path.equals(attributes(form.group(1)).get("action")))
        .filter(form -> "post".equals(attributes(form.group(1)).get("method")))
        .map(form -> form.group(2))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no form goes to " + path + ": " + page.body()));
  }

  private String[] headers(String... more) {
    String sent =
        cookies.entrySet().stream()
            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
            .collect(Collectors.joining("; "));
    if (sent.isEmpty()) {
      return more;
    }
    String[] all = java.util.Arrays.copyOf(more, more.length + 2);
    all[more.length] = "Cookie";
    all[more.length + 1] = sent;
    return all;
  }

  private TestResponse kept(TestResponse response) {
    for (String header : response.values("Set-Cookie")) {
      HttpCookie cookie = HttpCookie.parse(header).get(0);
      if (cookie.getMaxAge() == 0) {
        cookies.remove(cookie.getName());
      } else {
        cookies.put(cookie.getName(), cookie.getValue());
      }
    }
    return response;
  }

  private static Map<String, String> attributes(String text) {
    Map<String, String> attributes = new TreeMap<>();
    Matcher found = ATTRIBUTE.matcher(text);
    while (found.find()) {
      attributes.put(found.group(1), unescaped(found.group(2)));
    }
    return attributes;
  }

  private static String unescaped(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
