package io.claviger.gateway.strangers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** What the provider has stored for the one account that all borrowers use, and who made it. */
final class Account {
  /** The maker of what was made outside of Claviger. */
  static final String OUTSIDE = "outside";

  /** The maker of what does not exist. */
  static final String NOBODY = "nobody";

  /**
   * Something with an id.
   *
   * @param core the part of the id that nothing else contains, in lower case
   * @param formed whether the id has a form by which it is recognized wherever it stands
   */
  record Thing(String kind, String id, String core, String maker, boolean formed) {}

  private static final String HEX = "0123456789abcdef";
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final SplittableRandom random;
  private final Map<String, Thing> byId = new HashMap<>();
  private final List<Thing> all = new ArrayList<>();
  private final Map<String, List<Thing>> byKind = new LinkedHashMap<>();

  Account(SplittableRandom random, List<String> makers) {
    this.random = random;
    for (String maker : makers) {
      for (Kind kind : Kind.values()) {
        add(kind, maker);
      }
    }
  }

  /** The kinds of objects, with the forms of their ids. */
  private enum Kind {
    RESPONSE("resp_", HEX, 48, true),
    CONVERSATION("conv_", HEX, 48, true),
    FILE("file-", LETTERS, 22, true),
    ITEM("msg_", HEX, 48, false),
    CONTAINER("cntr_", HEX, 48, true),
    CONTAINERFILE("cfile_", HEX, 48, true),
    VECTORSTORE("vs_", HEX, 32, true),
    PROMPT("pmpt_", HEX, 48, true),
    AUDIO("audio_", HEX, 32, true),
    VOICE("voice_", HEX, 32, false),
    SKILL("skill_", LETTERS, 24, true),
    BATCH("batch_", HEX, 32, true),
    UPLOAD("upload_", HEX, 32, true),
    CHAT("chatcmpl-", LETTERS, 29, true),
    FINETUNING("ftjob-", LETTERS, 24, true),
    AGENT("ag:", HEX, 32, false),
    AFILE("file_", LETTERS, 24, true),
    ACONTAINER("container_", LETTERS, 24, true),
    ABATCH("msgbatch_", LETTERS, 24, true),
    CACHE("cachedContents/", HEX, 20, true),
    GFILE("files/", HEX, 16, true),
    GFILEURI("https://generativelanguage.googleapis.com/v1beta/files/", HEX, 16, true),
    GBATCH("batches/", HEX, 20, true),
    SEARCHSTORE("fileSearchStores/", HEX, 20, false),
    DATASTORE("projects/p/locations/global/collections/c/dataStores/", HEX, 16, false),
    CORPUS("projects/p/locations/l/ragCorpora/", HEX, 16, false),
    CONNECTOR("", HEX, 32, false),
    CCONVERSATION("", HEX, 32, false),
    DATASET("dataset-", HEX, 20, false);

    private final String prefix;
    private final String alphabet;
    private final int length;
    private final boolean formed;

    Kind(String prefix, String alphabet, int length, boolean formed) {
      this.prefix = prefix;
      this.alphabet = alphabet;
      this.length = length;
      this.formed = formed;
    }

    private String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private void add(Kind kind, String maker) {
    String core = core(kind);
    Thing thing =
        new Thing(
            kind.wireName(), kind.prefix + core, core.toLowerCase(Locale.ROOT), maker, kind.formed);
    byId.put(thing.id(), thing);
    all.add(thing);
    byKind.computeIfAbsent(thing.kind(), k -> new ArrayList<>()).add(thing);
  }

  private String core(Kind kind) {
    StringBuilder core = new StringBuilder("7");
    while (core.length() < kind.length) {
      core.append(kind.alphabet.charAt(random.nextInt(kind.alphabet.length())));
    }
    return core.toString();
  }

  /**
   * Remembers an object that a caller has made.
   *
   * @return who made it before, or the caller
   */
  String made(String id, String maker) {
    Thing before = byId.get(id);
    if (before != null) {
      return before.maker();
    }
    for (Kind kind : Kind.values()) {
      if (!kind.prefix.isEmpty() && id.startsWith(kind.prefix)) {
        String core = id.substring(kind.prefix.length()).toLowerCase(Locale.ROOT);
        Thing thing = new Thing(kind.wireName(), id, core, maker, kind.formed);
        byId.put(id, thing);
        all.add(thing);
        byKind.computeIfAbsent(thing.kind(), k -> new ArrayList<>()).add(thing);
        break;
      }
    }
    return maker;
  }

  /** A word by which the texts of a caller, and the contents of their objects, are known. */
  static String canary(String maker) {
    return "canary-" + maker + "-6fd1";
  }

  /** An object of this kind, of anybody. */
  Thing any(String kind) {
    List<Thing> all = byKind.get(kind);
    return all.get(random.nextInt(all.size()));
  }

  /** Returns an object of this kind that this maker created. */
  Thing of(String kind, String maker) {
    return byKind.get(kind).stream().filter(t -> t.maker().equals(maker)).findFirst().orElseThrow();
  }

  /** Any object whose id is recognized wherever it stands, of a format's kinds or another's. */
  Thing anyFormed(List<String> kinds) {
    while (true) {
      Thing thing = any(kinds.get(random.nextInt(kinds.size())));
      if (thing.formed()) {
        return thing;
      }
    }
  }

  /** The object whose id is the whole value. */
  Optional<Thing> named(String value, Predicate<Thing> which) {
    return Optional.ofNullable(byId.get(value.strip())).filter(which);
  }

  /** An object whose id stands anywhere in the value, however it is spelled. */
  Optional<Thing> mentioned(String value, Predicate<Thing> which) {
    if (value.length() < 16) {
      return Optional.empty();
    }
    String folded = value.toLowerCase(Locale.ROOT);
    for (Thing thing : all) {
      if (folded.contains(thing.core()) && which.test(thing)) {
        return Optional.of(thing);
      }
    }
    return Optional.empty();
  }
}
