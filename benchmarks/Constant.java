import java.lang.reflect.Field;

/** Prints a constant of a class, such as a statement in SQL. Arguments: the class, the constant. */
final class Constant {
  private Constant() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    Field constant = Class.forName(arguments[0]).getDeclaredField(arguments[1]);
    constant.setAccessible(true);
    System.out.print(constant.get(null));
  }
}
