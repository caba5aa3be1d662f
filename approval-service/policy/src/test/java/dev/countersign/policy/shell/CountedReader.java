package dev.countersign.policy.shell;

import dev.countersign.policy.Evaluation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The reader as it ships, loaded a second time with {@link Steps} counted in it: the same text
 * always takes the same number of steps, however busy the machine is.
 */
public final class CountedReader {
  private static final String OURS = "dev.countersign.policy.";
  private static final String STEPS = Type.getInternalName(Steps.class);
  private static final int API = Opcodes.ASM9;

  /** The JDK's methods that count by what they look at: name and static descriptor. */
  private static final Set<String> LOOKING =
      Arrays.stream(Steps.class.getMethods())
          .filter(m -> m.getDeclaringClass() == Steps.class)
          .map(m -> m.getName() + Type.getMethodDescriptor(m))
          .collect(Collectors.toUnmodifiableSet());

  private final Method read;
  private final Method evaluate;

  public CountedReader() {
    try {
      Counting counting = new Counting();
      this.read = counting.loadClass(ShellReader.class.getName()).getMethod("read", String.class);
      this.evaluate =
          counting.loadClass(Evaluation.class.getName()).getMethod("evaluate", Map.class);
      steps("a; b | c > d");
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** How many steps reading a text takes. */
  long steps(String text) {
    return steps(read, text);
  }

  /** How many steps a dry run of a case takes, reading its rules included. */
  public long steps(Map<String, Object> one) {
    return steps(evaluate, one);
  }

  private static long steps(Method method, Object argument) {
    long before = Steps.taken();
    try {
      method.invoke(null, argument);
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new AssertionError(e);
    }
    return Steps.taken() - before;
  }

  /** Defines the project's classes anew; everything else is that of the test. */
  private static final class Counting extends ClassLoader {
    Counting() {
      super(CountedReader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(OURS) || name.equals(Steps.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        ClassWriter counted = new ClassWriter(0);
        new ClassReader(Objects.requireNonNull(in, name)).accept(new Counted(counted), 0);
        byte[] bytes = counted.toByteArray();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static final class Counted extends ClassVisitor {
    Counted(ClassVisitor to) {
      super(API, to);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new CountedMethod(super.visitMethod(access, name, descriptor, signature, exceptions));
    }
  }

  private static final class CountedMethod extends MethodVisitor {
    private final Set<Label> passed = new HashSet<>();

    CountedMethod(MethodVisitor to) {
      super(API, to);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      step();
    }

    @Override
    public void visitLabel(Label label) {
      passed.add(label);
      super.visitLabel(label);
    }

    @Override
    public void visitJumpInsn(int opcode, Label to) {
      if (passed.contains(to)) {
        step();
      }
      super.visitJumpInsn(opcode, to);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      super.visitTypeInsn(opcode, type);
      if (opcode == Opcodes.NEW || opcode == Opcodes.ANEWARRAY) {
        step();
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      String looking = redirected(opcode, owner, name, descriptor);
      if (looking != null) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, name, looking, false);
      } else {
        super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
      }
    }

    /** The descriptor of the method of {@link Steps} that stands for this one; null if none. */
    private static String redirected(int opcode, String owner, String name, String descriptor) {
      String flat =
          opcode == Opcodes.INVOKESTATIC
              ? descriptor
              : "(" + Type.getObjectType(owner).getDescriptor() + descriptor.substring(1);
      boolean jdk = owner.startsWith("java/");
      return jdk && LOOKING.contains(name + flat) ? flat : null;
    }

    private void step() {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "step", "()V", false);
    }
  }
}
