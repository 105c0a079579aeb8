package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.formats.UsagePlaces.Meaning;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts the quantities in an answer, other than tokens, for which providers charge fees. Answers
 * state some of these quantities as numbers; if an answer states a number repeatedly, the last one
 * counts. Other quantities are numbers of runs of tools, and each run is an item of the answer. A
 * stream contains an item several times, and lists all items at the end. So each item is counted
 * once, by its id. Items without an id are counted only in the final list.
 *
 * <p>Ids are kept as hashes. At most {@value #MOST_IDS} items and queries are kept. Further items
 * and queries are not counted, and the sum is then an estimate.
 */
@SuppressWarnings("EnumOrdinal") // the index of a constant is never stored
final class StatedFees {
  static final int MOST_IDS = 4_096;

  /** Makes hashes unpredictable, so that nobody can choose ids with equal hashes. */
  private static final long SEED = ThreadLocalRandom.current().nextLong();

  private static final long FACTOR = 0x100_0000_01B3L;
  private static final long MILLIS = 1_000;
  private static final byte[] COMPLETED = "completed".getBytes(US_ASCII);
  private static final byte[] INCOMPLETE = "incomplete".getBytes(US_ASCII);
  private static final byte[] FAILED = "failed".getBytes(US_ASCII);
  private static final byte[] SEARCH = "search".getBytes(US_ASCII);

  /** The tools whose runs are items of the answer. */
  private enum Tool {
    WEB_SEARCH(
        "web_search_call",
        FeeKind.WEB_SEARCH,
        "search",
        "web_search",
        "web_search_premium",
        "browser_search"),
    /** The results of a search. The item has no id (Perplexity). */
    SEARCH_RESULTS("search_results", FeeKind.WEB_SEARCH),
    FILE_SEARCH("file_search_call", FeeKind.FILE_SEARCH),
    CODE("code_interpreter_call", FeeKind.CODE_INTERPRETER),
    SHELL("shell_call", FeeKind.CODE_INTERPRETER),
    COMPUTER("computer_call", FeeKind.COMPUTER_USE),
    IMAGE("image_generation_call", FeeKind.IMAGE, "image_generation"),
    /** An image as a part of a message in a stream. The part names the tool and the new file. */
    IMAGE_FILE("image_generation", FeeKind.IMAGE),
    GROUNDING("nova_grounding", FeeKind.GROUNDING), // Amazon's models
    /** A run of code in a chat. The answer does not name the container in which the code ran. */
    PYTHON("", FeeKind.CODE_INTERPRETER, "python", "code_interpreter");

    private static final Tool[] ALL = values();

    private final byte[] type;
    private final FeeKind fee;
    private final byte[][] inChats;

    /**
     * @param type the type of an item about the tool; empty if there are no such items
     * @param inChats the types under which a chat lists the tool among the executed tools
     */
    Tool(String type, FeeKind fee, String... inChats) {
      this.type = type.getBytes(US_ASCII);
      this.fee = fee;
      this.inChats = Stream.of(inChats).map(each -> each.getBytes(US_ASCII)).toArray(byte[][]::new);
    }

    static @Nullable Tool of(byte[] text, int length) {
      for (Tool each : ALL) {
        if (length > 0 && is(each.type, text, length)) {
          return each;
        }
      }
      return null;
    }

    static @Nullable Tool inChat(byte[] text, int length) {
      for (Tool each : ALL) {
        for (byte[] type : each.inChats) {
          if (is(type, text, length)) {
            return each;
          }
        }
      }
      return null;
    }

    /** Whether the provider charges each session of a tool only once, for any number of runs. */
    boolean isInSessions() {
      return fee == FeeKind.CODE_INTERPRETER && this != PYTHON;
    }
  }

  // Numbers that the answer states, each at most Integer.MAX_VALUE
  private long searches;
  private int moreSearches;
  private int searchesOfPosts;

  /** The number of posts; -1 if the answer does not state this number. */
  private long posts = -1;

  /** The number of profiles; -1 if the answer does not state this number. */
  private long profiles = -1;

  private int financeSearches;
  private int imageSearches;
  private int fetches;
  private long fileSearches;
  private int searchesOfAttachments;
  private long sessions;

  /** The number of runs of all tools together; -1 if the answer does not state this number. */
  private long toolRuns = -1;

  /**
   * The number of runs of tools other than searches; -1 if the answer does not state it by itself.
   */
  private long otherRuns = -1;

  private long rankings;
  private long pages;
  private int annotatedPages;
  private long seconds;
  private long length;
  private boolean usesImages;

  /** The number of tokens that a tool has read to generate images. */
  private long readForImages;

  // The properties that the answer states for all of its images and for its searches.
  private String size = "";
  private String quality = "";
  private String searchSize = "";

  // The item that is being read
  private boolean inItem;
  private boolean inItems;
  private @Nullable Tool tool;
  private boolean isDone;
  private boolean isFailed;
  private boolean hasResult;
  private boolean isSearch;
  private long id;
  private long container;
  private String itemSize = "";
  private String itemQuality = "";

  // The runs of tools so far
  private final Map<Tool, Long> runs = new EnumMap<>(Tool.class);
  private final Map<Tool, Long> runsWithoutId = new EnumMap<>(Tool.class);
  private @Nullable List<FeePiece> images;

  /** The hashes of the ids of the containers that tools ran in. */
  private @Nullable List<Long> containers;

  private long[] known = {};
  private int knownCount;
  private boolean isIncomplete;
  private long queries;
  private long maps;

  /** Returns a hash that practically no other text has; never 0. */
  static long hash(byte[] text, int length, int whole) {
    long hash = SEED ^ whole;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ text[i]) * FACTOR;
    }
    hash ^= hash >>> 32;
    return hash == 0 ? 1 : hash;
  }

  void begin(Meaning group) {
    if (group == Meaning.ITEMS) {
      inItems = true;
      runsWithoutId.clear();
    } else {
      inItem = true;
      tool = null;
      isDone = true;
      isFailed = false;
      hasResult = false;
      isSearch = true;
      id = 0;
      container = 0;
      itemSize = "";
      itemQuality = "";
    }
  }

  /** Begins another document, even if the previous document is incomplete. */
  void beginDocument() {
    inItem = false;
    inItems = false;
  }

  void end(Meaning group) {
    if (group == Meaning.ITEMS) {
      inItems = false;
      return;
    }
    inItem = false;
    Tool ran = tool;
    if (ran == null) {
      return;
    }
    if (ran.isInSessions()) {
      boolean isNewContainer = container != 0 && isNew(container);
      add(runs, ran, isNewContainer ? 1 : 0);
      if (isNewContainer) {
        List<Long> all = containers == null ? new ArrayList<>() : containers;
        containers = all;
        all.add(container);
      }
    } else if (ran == Tool.IMAGE ? isImage() : isDone && (isSearch || ran != Tool.WEB_SEARCH)) {
      count(ran);
    }
  }

  /**
   * Whether the item is a generated image. OpenAI often states that an image is still being
   * generated, although the image is already complete. An event at the beginning of an item does
   * not contain the image yet.
   */
  private boolean isImage() {
    return !isFailed && (isDone || hasResult || inItems);
  }

  private void count(Tool ran) {
    if (id == 0) {
      add(runsWithoutId, ran, inItems ? 1 : 0);
    } else if (isNew(id)) {
      add(runs, ran, 1);
      if (ran == Tool.IMAGE) {
        List<FeePiece> all = images == null ? new ArrayList<>() : images;
        images = all;
        all.add(FeePiece.image(itemQuality, itemSize));
      }
    }
  }

  void state(Meaning meaning, long number) {
    switch (meaning) {
      case SEARCHES -> searches = number;
      case MORE_SEARCHES -> moreSearches = (int) number;
      case SEARCHES_OF_POSTS -> searchesOfPosts = (int) number;
      case POSTS -> posts = number;
      case PROFILES -> profiles = number;
      case FINANCE_SEARCHES -> financeSearches = (int) number;
      case IMAGE_SEARCHES -> imageSearches = (int) number;
      case FETCHES -> fetches = (int) number;
      case FILE_SEARCHES -> fileSearches = number;
      case SEARCHES_OF_ATTACHMENTS -> searchesOfAttachments = (int) number;
      case SESSIONS -> sessions = number;
      case RUNS_IN_SESSION -> sessions = Math.min(1, number);
      case TOOL_RUNS -> toolRuns = number;
      case FETCH_RUNS -> otherRuns = number;
      case IMAGE_USE -> usesImages |= number > 0;
      case READ_FOR_IMAGES -> {
        usesImages |= number > 0;
        readForImages = number;
      }
      case ITEM_INDEX -> id = SEED ^ (number + 1) * FACTOR;
      case RANKINGS -> rankings = number;
      case PAGES -> pages = number;
      case ANNOTATED_PAGES -> annotatedPages = (int) number;
      case SECONDS -> seconds = number;
      case LENGTH -> length = number;
      default -> {}
    }
  }

  /**
   * @param size the length of the text; -1 if the text can't be a name
   */
  void text(Meaning meaning, byte[] text, int size) {
    int known = Math.max(0, size);
    switch (meaning) {
      case ITEM_TYPE -> tool = Tool.of(text, known);
      case EXECUTED_TYPE -> tool = Tool.inChat(text, known);
      case ITEM_STATUS -> {
        isDone = is(COMPLETED, text, known) || is(INCOMPLETE, text, known);
        isFailed = is(FAILED, text, known);
      }
      case ITEM_ACTION -> isSearch = is(SEARCH, text, known);
      case SEARCH_SIZE -> searchSize = new String(text, 0, known, US_ASCII);
      case SIZE -> setSize(new String(text, 0, known, US_ASCII));
      case QUALITY -> setQuality(new String(text, 0, known, US_ASCII));
      default -> {}
    }
  }

  private void setSize(String stated) {
    if (inItem) {
      itemSize = stated;
    } else {
      size = stated;
    }
  }

  private void setQuality(String stated) {
    if (inItem) {
      itemQuality = stated;
    } else {
      quality = stated;
    }
  }

  /**
   * @param hash the hash of the text that identifies an item; 0 if the text is empty
   */
  void identity(Meaning meaning, long hash) {
    switch (meaning) {
      case ITEM_ID -> id = hash;
      case CONTAINER -> container = hash;
      case IMAGE_QUERY -> queries += hash != 0 && isNew(hash * FACTOR) ? 1 : 0;
      default -> queries += hash != 0 && isNew(hash) ? 1 : 0;
    }
  }

  /**
   * Whether a text has not occurred in the answer before. A new text is remembered if there is
   * room.
   */
  private boolean isNew(long hash) {
    boolean isFull = knownCount == MOST_IDS;
    if (!isFull && knownCount * 2 >= known.length) {
      grow();
    }
    int at = place(known, hash);
    if (known[at] == hash) {
      return false;
    }
    if (isFull) {
      isIncomplete = true;
      return false;
    }
    known[at] = hash;
    knownCount++;
    return true;
  }

  private void grow() {
    long[] larger = new long[Math.max(16, known.length * 2)];
    for (long each : known) {
      if (each != 0) {
        larger[place(larger, each)] = each;
      }
    }
    known = larger;
  }

  /**
   * Returns the index at which an array contains the hash, or would contain it. The array's length
   * is a power of two.
   */
  private static int place(long[] in, long hash) {
    int at = (int) hash & (in.length - 1);
    while (in[at] != 0 && in[at] != hash) {
      at = (at + 1) & (in.length - 1);
    }
    return at;
  }

  /**
   * Returns the memory sizes of the containers that tools ran in, as far as they are known.
   *
   * @param known the known memory sizes, keyed by the ids of containers
   */
  List<String> memories(Map<String, String> known) {
    List<Long> ran = containers;
    if (ran == null) {
      return List.of();
    }
    return known.entrySet().stream()
        .filter(
            each -> {
              byte[] id = each.getKey().getBytes(US_ASCII);
              return ran.contains(hash(id, id.length, id.length));
            })
        .map(Map.Entry::getValue)
        .sorted()
        .toList();
  }

  /** Whether the answer states a quantity that is billed in place of tokens. */
  boolean replaceTokens() {
    return rankings + pages + annotatedPages + seconds > 0;
  }

  /** Whether the answer states fees that were not counted. */
  boolean areIncomplete() {
    return isIncomplete || makesImagesUnseen();
  }

  /** Whether a tool has generated images, but the answer has no item for them. */
  private boolean makesImagesUnseen() {
    return usesImages && runs(Tool.IMAGE) == 0;
  }

  /** The number of web searches in the answer, according to its usage or its items. */
  long searches() {
    long ofPosts = searchesOfPosts - searchesWithFinds();
    long numbers = searches + moreSearches + ofPosts + financeSearches + imageSearches;
    long statedSearches = numbers == 0 && !searchSize.isEmpty() ? 1 : numbers;
    long found = runs(Tool.WEB_SEARCH) + runs(Tool.SEARCH_RESULTS);
    return Math.max(Math.max(statedSearches, queries), found);
  }

  /**
   * The number of those searches for posts and profiles for which the provider does not charge. The
   * provider charges for the posts and profiles instead, whose numbers the answer states.
   */
  long searchesWithFinds() {
    return posts < 0 && profiles < 0 ? 0 : searchesOfPosts;
  }

  /**
   * Returns the number of runs of tools that are not searches; empty if the answer states neither
   * this number nor the number of all runs.
   */
  OptionalLong otherRuns() {
    if (otherRuns >= 0) {
      return OptionalLong.of(otherRuns);
    }
    return toolRuns < 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, toolRuns - searches()));
  }

  private long runs(Tool of) {
    return runs.getOrDefault(of, 0L) + runsWithoutId.getOrDefault(of, 0L);
  }

  private static void add(Map<Tool, Long> counts, Tool ran, long more) {
    counts.put(ran, counts.getOrDefault(ran, 0L) + more);
  }

  /** Records that the current item contains a result. */
  void result() {
    hasResult = true;
  }

  /** Records that a part of the answer is based on data from maps. */
  void useMaps() {
    maps = 1;
  }

  /**
   * Returns the quantities for which the provider charges fees.
   *
   * @param search the fee that the provider charges for a search
   * @param billed a count of the searches that the provider bills
   * @param made the number of images that the operation has generated
   */
  FeesUsed used(FeeKind search, long billed, long made) {
    FeesUsed sum =
        FeesUsed.of(FeePiece.stated(search, searchSize), billed)
            .plus(FeesUsed.of(FeePiece.FETCH, fetches))
            .plus(FeesUsed.of(FeePiece.POST, posts))
            .plus(FeesUsed.of(FeePiece.PROFILE, profiles))
            .plus(
                FeesUsed.of(
                    FeeKind.FILE_SEARCH,
                    Math.max(fileSearches, runs(Tool.FILE_SEARCH) - searchesOfAttachments)))
            .plus(FeesUsed.of(FeePiece.OF_ATTACHMENTS, searchesOfAttachments))
            .plus(
                FeesUsed.of(
                    FeeKind.CODE_INTERPRETER,
                    Math.max(sessions, runs(Tool.CODE) + runs(Tool.SHELL) + runs(Tool.PYTHON))))
            .plus(FeesUsed.of(FeeKind.COMPUTER_USE, runs(Tool.COMPUTER)))
            .plus(FeesUsed.of(FeeKind.GROUNDING, runs(Tool.GROUNDING)))
            .plus(FeesUsed.of(FeePiece.stated(FeeKind.GROUNDING, "maps"), maps))
            .plus(FeesUsed.of(FeeKind.SEARCH, rankings))
            .plus(FeesUsed.of(FeeKind.PAGE, pages))
            .plus(FeesUsed.of(FeePiece.stated(FeeKind.PAGE, "annotated"), annotatedPages))
            .plus(FeesUsed.of(FeeKind.AUDIO_MINUTE, (seconds > 0 ? seconds : length) * MILLIS))
            .plus(FeesUsed.of(FeeKind.IMAGE, runsWithoutId.getOrDefault(Tool.IMAGE, 0L)))
            .plus(FeesUsed.of(FeeKind.IMAGE, runs(Tool.IMAGE_FILE)))
            .plus(FeesUsed.of(FeeKind.IMAGE, makesImagesUnseen() ? 1 : 0))
            .plus(RequestedFees.ofImagesRead(readForImages, runs(Tool.IMAGE)))
            .plus(FeesUsed.of(FeePiece.image(quality, size), made));
    if (images != null) {
      for (FeePiece each : images) {
        sum = sum.plus(FeesUsed.of(each, 1));
      }
    }
    return sum;
  }

  private static boolean is(byte[] expected, byte[] text, int length) {
    return Arrays.equals(expected, 0, expected.length, text, 0, length);
  }
}
