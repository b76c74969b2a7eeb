package beam2spark.runtime.driver

/** Loads classes that are nowhere but in memory. They go with the loader. */
final class CompiledClasses(classes: Map[String, Array[Byte]], parent: ClassLoader)
    extends ClassLoader(parent) {

  override protected def findClass(name: String): Class[_] = {
    val content = classes.getOrElse(name, throw new ClassNotFoundException(name))
    defineClass(name, content, 0, content.length)
  }
}
