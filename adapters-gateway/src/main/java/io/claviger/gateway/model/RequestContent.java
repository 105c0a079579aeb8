package io.claviger.gateway.model;

import io.claviger.domain.formats.KnownMembers;
import io.claviger.domain.formats.KnownMembers.Inside;
import io.claviger.domain.formats.ToolTypes;
import java.util.Arrays;
import java.util.Locale;

/**
 * Checks whether the messages of a body contain everything that the provider has to read for its
 * answer. {@link KnownMembers} must list the members and the type of each object in the messages.
 * Each object with an id must also contain the content for the id. In memory, the class keeps one
 * number for each level of nesting.
 */
final class RequestContent {
  private static final int HAS_ID = 1;
  private static final int CARRIES = 1 << 1;
  private static final int HAS_TYPE = 1 << 2;

  /** The object contains data. The object's type decides what the data means. */
  private static final int HAS_DATA = 1 << 3;

  /** The provider stores the object, unless the body contains the object in encrypted form. */
  private static final int STORED = 1 << 4;

  private static final int SEALED = 1 << 5;

  /** An array whose elements are content for the model. The array may be empty. */
  private static final int CARRYING_LIST = 1 << 6;

  /**
   * An array that is not in {@link KnownMembers}; what the array means depends only on its
   * elements.
   */
  private static final int UNKNOWN_LIST = 1 << 7;

  private final KnownMembers known;
  private int[] flags = new int[4];
  private Inside member = Inside.NONE;

  /** The depth inside a value that may be any JSON; 0 outside of such values. */
  private int valueDepth;

  private boolean refers;
  private boolean offersTools;
  private boolean hasFiles;

  /** The number of parts of the messages that are files according to their type. */
  private int files;

  /** Whether the current member might contain a recording. */
  private boolean inAudio;

  /** The number of parts of the messages that are recordings according to their type. */
  private int recordings;

  /** The number of recordings whose content is in the messages. */
  private int recordingsInside;

  private boolean hasRecordingElsewhere;

  RequestContent(KnownMembers known) {
    this.known = known;
  }

  /** Whether the messages refer to something outside of the body. */
  boolean refersElsewhere() {
    return refers;
  }

  /** Whether an item of the messages might contain tools of any kind. */
  boolean offersTools() {
    return offersTools;
  }

  /** Whether the messages might contain files, which some providers search. */
  boolean hasFiles() {
    return hasFiles;
  }

  /** The number of files in the messages; at least 1 if the messages might contain files. */
  int files() {
    return Math.max(files, hasFiles ? 1 : 0);
  }

  /** Whether the messages have a recording, in the body or elsewhere. */
  boolean hasRecordings() {
    return hasRecordingElsewhere || recordings + recordingsInside > 0;
  }

  /** Whether the messages might refer to a recording that is not in the body. */
  boolean hasRecordingsElsewhere() {
    return hasRecordingElsewhere || recordings > recordingsInside;
  }

  /** Whether the scanner is inside a value that may be any JSON, where names have no meaning. */
  boolean isInValue() {
    return valueDepth != 0;
  }

  /** Called at the beginning of a top-level member's value. */
  void begin() {
    member = Inside.NONE;
  }

  /**
   * @param folded the member's name in lower case and without underscores; empty if the name is too
   *     long
   * @param depth the depth of the object around the member
   */
  void name(CharSequence folded, int depth) {
    Inside found = known.inside().find(folded);
    member = found == null ? Inside.UNKNOWN : found;
    hasFiles |= found == null && isOfFile(folded.toString());
    inAudio = found == null && isOfAudio(folded.toString());
    if (found == Inside.DATA) {
      flags[depth] |= HAS_DATA;
    }
  }

  /**
   * Records that the body offers tools that are not read one by one. A stored prompt, for example,
   * can contain any tools.
   */
  void offerTools() {
    offersTools = true;
  }

  /** Whether the value of the current member defines a tool. */
  boolean isTool() {
    return member == Inside.TOOL;
  }

  /**
   * @param depth the depth inside the array or object
   */
  void opened(int depth, boolean array) {
    if (isInValue()) {
      return;
    }
    if (depth >= flags.length) {
      flags = Arrays.copyOf(flags, 2 * depth);
    }
    flags[depth] = 0;
    element(depth - 1);
    Inside here = member;
    member = Inside.NONE;
    switch (here) {
      case CARRIER -> {
        if (array) {
          flags[depth] = CARRYING_LIST;
        } else {
          flags[depth - 1] |= CARRIES;
        }
      }
      case VALUE -> {
        flags[depth - 1] |= CARRIES;
        valueDepth = depth;
      }
      case VALUE_ASIDE -> valueDepth = depth;
      case UNKNOWN -> {
        flags[depth] = array ? UNKNOWN_LIST : 0;
        refers |= !array;
        hasRecordingElsewhere |= inAudio;
      }
      case TOOL, TOOLS -> offersTools = true;
      case ID, TYPE, SEAL -> refers = true;
      default -> {}
    }
  }

  /** Called at the beginning of a value that may be an element of an array at this depth. */
  private void element(int depth) {
    int of = isInValue() ? 0 : flags[depth];
    refers |= (of & UNKNOWN_LIST) != 0;
    if ((of & CARRYING_LIST) != 0) {
      flags[depth - 1] |= CARRIES;
    }
  }

  /**
   * @param depth the depth inside the ending array or object
   */
  void closed(int depth) {
    member = Inside.NONE;
    if (valueDepth != 0) {
      valueDepth = depth == valueDepth ? 0 : valueDepth;
      return;
    }
    int of = flags[depth];
    refers |= (of & HAS_ID) != 0 && (of & CARRIES) == 0;
    refers |= (of & HAS_DATA) != 0 && (of & HAS_TYPE) == 0;
    refers |= (of & STORED) != 0 && (of & SEALED) == 0;
  }

  boolean wantsText() {
    return member == Inside.TYPE || member == Inside.SEAL || (member == Inside.UNKNOWN && inAudio);
  }

  void text(ScannedText text, int depth) {
    if (member == Inside.SEAL) {
      flags[depth] |= text.length() > 0 ? SEALED | CARRIES : 0;
    } else if (member == Inside.UNKNOWN) {
      refers = true;
      recordingsInside += isRecording(text) ? 1 : 0;
      hasRecordingElsewhere |= !isRecording(text);
    } else {
      Boolean stored = text.isLonger() ? null : known.types().find(text);
      flags[depth] |= HAS_TYPE;
      if (stored == null) {
        refers = true;
        offersTools |= ToolTypes.isVersion(text.beginning());
        boolean isFile = isOfFile(text.toString());
        hasFiles |= isFile;
        files += isFile ? 1 : 0;
        recordings += isOfAudio(text.toString().toLowerCase(Locale.ROOT)) ? 1 : 0;
      } else if (stored) {
        flags[depth] |= STORED;
      }
    }
    member = Inside.NONE;
  }

  private static boolean isOfFile(String name) {
    return name.contains("file") || name.contains("document");
  }

  private static boolean isOfAudio(String name) {
    return name.contains("audio");
  }

  /** Whether a long text is a recording itself, in Base64, and not the recording's address. */
  private static boolean isRecording(ScannedText text) {
    String beginning = text.beginning().toString();
    return text.isLonger() && (beginning.startsWith("data:") || beginning.indexOf(':') < 0);
  }

  /** Handles an irrelevant string or the literal {@code true}. */
  void scalar(int depth) {
    element(depth);
    switch (member) {
      case UNKNOWN, TYPE -> refers = true;
      case TOOLS -> offersTools = true;
      case CARRIER, VALUE -> flags[depth] |= CARRIES;
      case ID -> flags[depth] |= HAS_ID;
      default -> {}
    }
    member = Inside.NONE;
  }

  /** Handles a number. A number matters only as an id. */
  void number(int depth) {
    if (member == Inside.NONE) {
      element(depth);
    } else if (member == Inside.ID) {
      flags[depth] |= HAS_ID;
    }
    member = Inside.NONE;
  }

  /** Handles {@code false} or {@code null}. */
  void nothing() {
    member = Inside.NONE;
  }
}
