package io.claviger.domain.objects;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes the ids of provider objects by their form, so that Claviger finds references to
 * objects even in unknown members of a request. An id is recognized even if there is white space
 * around it.
 */
public final class IdForm {
  /**
   * Ids that consist of a prefix and at least 16 letters and digits, with at least one digit. Names
   * of other things in an account (agents, presets, Amazon resource names, URLs of Google's
   * resources) are treated as ids, too. So are addresses outside of the public Internet, such as
   * storage locations and files on the provider's own machines.
   */
  public static final IdForm PREFIXED = new IdForm(IdForm::prefixed);

  /**
   * Names of Gemini's resources, alone or at the end of a Google URL, and locations in Google's
   * storage.
   */
  public static final IdForm RESOURCE = new IdForm(IdForm::resource);

  /**
   * The texts of the form {@link #RESOURCE}, and the names of everything else in a Google Cloud
   * project.
   */
  public static final IdForm CLOUD_RESOURCE =
      new IdForm(
          text ->
              IdForm.resource(text)
                  .or(() -> isOfProject(text) ? Optional.of(ObjectKind.OTHER) : Optional.empty()));

  /**
   * All ids and names to which a request can refer if it calls another vendor's model on Google
   * Cloud.
   */
  public static final IdForm PREFIXED_OR_CLOUD_RESOURCE =
      new IdForm(text -> PREFIXED.find.apply(text).or(() -> CLOUD_RESOURCE.find.apply(text)));

  /** No text is recognized by its form: ids are recognized only in known members. */
  public static final IdForm NONE = new IdForm(text -> Optional.empty());

  private static final String GOOGLE_STORAGE = "gs://";

  /** The length of the shortest text that has one of the forms. */
  private static final int SHORTEST = GOOGLE_STORAGE.length();

  private static final int FEWEST_AFTER_PREFIX = 16;
  private static final int SHORTEST_PREFIXED = "vs_".length() + FEWEST_AFTER_PREFIX;

  private static final Map<String, ObjectKind> PREFIXES =
      Map.ofEntries(
          Map.entry("resp_", ObjectKind.RESPONSES),
          Map.entry("conv_", ObjectKind.CONVERSATIONS),
          Map.entry("file-", ObjectKind.FILES),
          Map.entry("file_", ObjectKind.FILES),
          Map.entry("vs_", ObjectKind.VECTOR_STORES),
          Map.entry("batch_", ObjectKind.BATCHES),
          Map.entry("msgbatch_", ObjectKind.BATCHES),
          Map.entry("cntr_", ObjectKind.CONTAINERS),
          Map.entry("container_", ObjectKind.CONTAINERS),
          Map.entry("upload_", ObjectKind.FILES),
          Map.entry("pmpt_", ObjectKind.PROMPTS),
          Map.entry("audio_", ObjectKind.RESPONSES),
          Map.entry("skill_", ObjectKind.OTHER),
          Map.entry("voice_", ObjectKind.OTHER),
          Map.entry("cfile_", ObjectKind.CONTAINERS),
          Map.entry("part_", ObjectKind.FILES),
          Map.entry("vsfb_", ObjectKind.VECTOR_STORES),
          Map.entry("chatcmpl-", ObjectKind.RESPONSES),
          Map.entry("ftjob-", ObjectKind.OTHER),
          Map.entry("assistant-", ObjectKind.FILES), // Azure
          Map.entry("thread_", ObjectKind.OTHER),
          Map.entry("asst_", ObjectKind.OTHER),
          Map.entry("sesn_", ObjectKind.OTHER),
          Map.entry("sthr_", ObjectKind.OTHER),
          Map.entry("env_", ObjectKind.OTHER),
          Map.entry("sesrsc_", ObjectKind.OTHER),
          Map.entry("memstore_", ObjectKind.OTHER),
          Map.entry("memver_", ObjectKind.OTHER),
          Map.entry("vlt_", ObjectKind.OTHER),
          Map.entry("vcrd_", ObjectKind.OTHER),
          Map.entry("depl_", ObjectKind.OTHER),
          Map.entry("agent_", ObjectKind.OTHER),
          Map.entry("tunnel_", ObjectKind.OTHER),
          Map.entry("tnl_", ObjectKind.OTHER),
          Map.entry("tcrt_", ObjectKind.OTHER),
          Map.entry("uprof_", ObjectKind.OTHER));

  private static final int LONGEST_PREFIX = "container_".length();

  /**
   * The beginnings of names that are not random ids: names of Mistral's agents, which replace a
   * model's name in requests, and names of caches.
   */
  private static final String[] BEGINNINGS = {"ag:", "cachedContents/"};

  /**
   * The schemes of addresses that mean the same for every account. An address with another scheme
   * might name an object at the provider.
   */
  private static final Set<String> PUBLIC_SCHEMES = Set.of("http", "https", "ws", "wss");

  /** The scheme that some parsers understand even without slashes after it. */
  private static final String FILE_SCHEME = "file";

  private static final String AMAZON = "arn:";

  /** Matches resource names that belong to no account. */
  private static final Pattern OF_NO_ACCOUNT =
      Pattern.compile(
          "arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\\d*:(?:foundation-model|inference-profile)"
              + "/[A-Za-z0-9.:_-]{1,200}");

  /**
   * The text with which the name of a set of settings at OpenRouter begins. A request names such a
   * set after the model's name or instead of it.
   */
  private static final String PRESET = "@preset/";

  private static final String GOOGLE = "googleapis.com";

  private static final Pattern RESOURCE_NAME =
      Pattern.compile(
          "(?:https?://(?:[^/@]*@)?[a-z0-9.-]*googleapis\\.com(?::\\d+)?/(?:[^?#]*/)?"
              + "|/?(?:v\\d[a-z0-9]*/)?(?:projects/[^?#]*/)?)"
              + "(?:(files|cachedContents|batches)/[a-z0-9-]{1,40}(?:[:?#].*)?"
              + "|(?:fileSearchStores|corpora|ragCorpora|generatedFiles|interactions)"
              + "/[a-z0-9_-]{1,100}(?:[/:?#].*)?)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Matches the name of a resource in a project, alone or at the end of a Google URL. */
  private static final Pattern OF_PROJECT =
      Pattern.compile(
          "(?:(?:https?:)?//(?:[^/@]*@)?[a-z0-9.-]*googleapis\\.com(?::\\d+)?/(?:[^?#]*/)?|/?)"
              + "(?:v\\d[a-z0-9]*/)?projects/[^/]+/.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /**
   * Matches the beginning of Base64 data with media: JPEG, PNG, GIF, BMP, TIFF, RIFF (WebP, WAV and
   * AVI), MP4, Matroska, MP3 with and without tags, AAC, Ogg, FLAC and AIFF. Also matches the
   * beginning of documents: PDF, ZIP (such as DOCX), DOC and RTF. Because the alphabet of Base64
   * contains the slash, a path could also consist of this alphabet's characters; but a path that
   * begins in this way would lead through a directory that exists nowhere, such as {@code /9j} or
   * {@code /uQxAA}.
   */
  private static final String DATA =
      "/9j/|iVBORw0KGgo|R0lGOD|Qk[0-3][A-Za-z0-9+/]{5}AAAA|SUkqA|TU0AK|UklGR|AAAA|GkXfo|SUQz"
          + "|//[M-Ps-v][A-Za-z0-9+]{2}A[AB]|//[Fl][AEIMQUYcgkw][Qg][A-P]|T2dnU|ZkxhQ|Rk9ST"
          + "|JVBERi0|UEsDB|0M8R4KGxGuE|e1xydGY";

  /**
   * Matches a web address or a data URL. SGLang treats any other text with an ending like that of a
   * file name as a path. The ending might follow after the tested part of the text.
   */
  private static final Pattern MEDIA =
      Pattern.compile("(?s)\\s*(?i:https?://|data:).*|(?:" + DATA + ")[A-Za-z0-9+/=_\\r\\n-]*+");

  private final Function<CharSequence, Optional<ObjectKind>> find;

  private IdForm(Function<CharSequence, Optional<ObjectKind>> find) {
    this.find = find;
  }

  /**
   * Returns the kind of the object that a text might name; empty if the text does not have the form
   * of an id.
   *
   * @param text a whole string, or the first 256 characters of a longer one
   */
  public Optional<ObjectKind> kindOf(CharSequence text) {
    return text.length() < SHORTEST ? Optional.empty() : find.apply(text);
  }

  private static Optional<ObjectKind> prefixed(CharSequence text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) <= ' ') {
      from++;
    }
    while (to > from && text.charAt(to - 1) <= ' ') {
      to--;
    }
    Optional<ObjectKind> named = named(text, from, to);
    if (named.isPresent()) {
      return named;
    }
    if (to - from < SHORTEST_PREFIXED) {
      return Optional.empty();
    }
    int digits = 0;
    int rest = to;
    while (rest > from && isLetterOrDigit(text.charAt(rest - 1))) {
      rest--;
      digits += text.charAt(rest) <= '9' ? 1 : 0;
    }
    if (to - rest < FEWEST_AFTER_PREFIX || digits == 0 || rest - from > LONGEST_PREFIX) {
      return Optional.empty();
    }
    return Optional.ofNullable(PREFIXES.get(text.subSequence(from, rest).toString()));
  }

  /** Returns the kind of an object that the text names by something other than a random id. */
  private static Optional<ObjectKind> named(CharSequence text, int from, int to) {
    for (String beginning : BEGINNINGS) {
      if (startsWith(text, beginning, from)) {
        return Optional.of(ObjectKind.OTHER);
      }
    }
    if (isOwnAddress(text, from, to)) {
      return Optional.of(ObjectKind.OTHER);
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '@' && startsWith(text, PRESET, i)) {
        return Optional.of(ObjectKind.OTHER);
      }
    }
    if (startsWith(text, AMAZON, from)) {
      boolean harmless = OF_NO_ACCOUNT.matcher(text.subSequence(from, to)).matches();
      return harmless ? Optional.empty() : Optional.of(ObjectKind.OTHER);
    }
    boolean isUrl = from < to && (text.charAt(from) | 0x20) == 'h';
    return isUrl && text.toString().toLowerCase(Locale.ROOT).contains(GOOGLE)
        ? resource(text)
        : Optional.empty();
  }

  /**
   * Whether a text is an address whose meaning depends on the machine that reads it. Tabs and line
   * ends are ignored, because parsers of addresses ignore them anywhere in the text.
   */
  private static boolean isOwnAddress(CharSequence text, int from, int to) {
    int end = from;
    while (end < to && isOfScheme(text.charAt(end), end == from)) {
      end++;
    }
    if (end == from || end == to || text.charAt(end) != ':') {
      return false;
    }
    StringBuilder scheme = new StringBuilder(end - from);
    for (int i = from; i < end; i++) {
      if (!isBreak(text.charAt(i))) {
        scheme.append(text.charAt(i));
      }
    }
    String read = scheme.toString().toLowerCase(Locale.ROOT);
    return read.equals(FILE_SCHEME)
        || (beginsWithSlashes(text, end + 1, to) && !PUBLIC_SCHEMES.contains(read));
  }

  private static boolean isOfScheme(char each, boolean first) {
    boolean letter = (each | 0x20) >= 'a' && (each | 0x20) <= 'z';
    return letter
        || (!first && (isLetterOrDigit(each) || isBreak(each) || "+-._".indexOf(each) >= 0));
  }

  private static boolean isBreak(char each) {
    return each == '\t' || each == '\r' || each == '\n';
  }

  private static boolean beginsWithSlashes(CharSequence text, int from, int to) {
    int slashes = 0;
    for (int i = from; i < to && slashes < 2; i++) {
      if (text.charAt(i) == '/') {
        slashes++;
      } else if (!isBreak(text.charAt(i))) {
        return false;
      }
    }
    return slashes == 2;
  }

  private static boolean startsWith(CharSequence text, String beginning, int from) {
    for (int i = 0; i < beginning.length(); i++) {
      if (from + i >= text.length() || text.charAt(from + i) != beginning.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9');
  }

  /**
   * Whether a text that stands for a picture, sound, video or document is a web address or the data
   * itself. A web address or the data itself names no file on the provider's own machines.
   *
   * @param text a whole string, or at least the first 64 characters of a longer one
   */
  public static boolean isMedia(String text) {
    return MEDIA.matcher(text).matches();
  }

  private static boolean isOfProject(CharSequence text) {
    return OF_PROJECT.matcher(text.toString().strip()).matches();
  }

  private static Optional<ObjectKind> resource(CharSequence text) {
    String whole = text.toString().strip();
    if (whole.regionMatches(true, 0, GOOGLE_STORAGE, 0, GOOGLE_STORAGE.length())) {
      return Optional.of(ObjectKind.OTHER);
    }
    if (whole.indexOf('/') < 0) {
      return Optional.empty();
    }
    Matcher name = RESOURCE_NAME.matcher(whole);
    if (!name.matches()) {
      return Optional.empty();
    }
    if (name.group(1) == null) {
      return Optional.of(ObjectKind.OTHER);
    }
    return Optional.of(
        switch (Character.toLowerCase(name.group(1).charAt(0))) {
          case 'f' -> ObjectKind.FILES;
          case 'c' -> ObjectKind.CACHES;
          default -> ObjectKind.BATCHES;
        });
  }
}
