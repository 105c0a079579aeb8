package io.claviger.stub;

import java.util.Map;
import java.util.SplittableRandom;

/** Creates ids that have the length and alphabet of the provider's ids with the same prefix. */
final class ObjectIds {
  private record Form(String alphabet, int length) {}

  private static final String HEX = "0123456789abcdef";
  private static final String LOWER = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final String MIXED = LOWER + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final Form OTHERS = new Form(HEX, 48);

  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          Map.entry("file-", new Form(MIXED, 22)),
          Map.entry("batch_", new Form(HEX, 32)),
          Map.entry("batch_req_", new Form(HEX, 32)),
          Map.entry("vs_", new Form(HEX, 32)),
          Map.entry("vsfb_", new Form(HEX, 32)),
          Map.entry("upload_", new Form(HEX, 32)),
          Map.entry("part_", new Form(HEX, 32)),
          Map.entry("cfile_", new Form(HEX, 32)),
          Map.entry("chatcmpl-", new Form(MIXED, 29)),
          Map.entry("call_", new Form(MIXED, 24)),
          Map.entry("file_01", new Form(MIXED, 22)),
          Map.entry("msgbatch_01", new Form(MIXED, 22)),
          Map.entry("container_01", new Form(MIXED, 22)),
          Map.entry("msg_01", new Form(MIXED, 22)),
          Map.entry("toolu_01", new Form(MIXED, 22)),
          Map.entry("srvtoolu_01", new Form(MIXED, 22)),
          Map.entry("files/", new Form(LOWER, 12)),
          Map.entry("cachedContents/", new Form(LOWER, 36)),
          Map.entry("batches/", new Form(LOWER, 36)));

  private ObjectIds() {}

  /**
   * Equal seeds result in equal ids. Each id contains at least one digit.
   *
   * @param prefix the prefix with its separator, such as {@code resp_}
   */
  static String of(String prefix, long seed) {
    Form form = FORMS.getOrDefault(prefix, OTHERS);
    SplittableRandom random = new SplittableRandom(seed * 31 + prefix.hashCode());
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < form.length(); i++) {
      id.append(form.alphabet().charAt(random.nextInt(i == 1 ? 10 : form.alphabet().length())));
    }
    return id.toString();
  }
}
