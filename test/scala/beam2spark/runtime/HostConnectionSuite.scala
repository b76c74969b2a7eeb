package beam2spark.runtime

import java.net.{InetAddress, ServerSocket, StandardProtocolFamily, UnixDomainSocketAddress}
import java.nio.channels.ServerSocketChannel
import java.nio.file.{Files, NoSuchFileException, Path}
import java.nio.file.attribute.PosixFilePermissions
import java.util.UUID

import org.apache.spark.network.util.JavaUtils

/** How a task finds the Fn API host of its machine, and what is left of that afterwards. */
class HostConnectionSuite extends munit.FunSuite {
  private val folder = FunFixture[Path](
    _ => Files.createTempDirectory("connection-"),
    made => JavaUtils.deleteRecursively(made.toFile)
  )

  /** The settings of an application that has no host yet, and the folder of its host. */
  private def withSettings(files: Path)(use: (HostSettings, HostFolder) => Unit): Unit = {
    val settings = HostSettings(
      job = "job",
      application = s"test-${UUID.randomUUID}",
      addresses = Nil,
      hosts = 1,
      files = files.toString,
      isShipped = false,
      node = Some(files.resolve("no-node").toString),
      words = Nil
    )
    val own = HostFolder.of(settings.application, 0)
    try use(settings, own)
    finally JavaUtils.deleteRecursively(own.path.toFile)
  }

  private def listen(place: Path): ServerSocketChannel =
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(place))

  private def start(run: => Unit): Thread = {
    val thread = new Thread(() => run)
    thread.start()
    thread
  }

  folder.test("a job without a host here ends without a trace") { files =>
    withSettings(files) { (settings, own) =>
      HostConnection.endJob(settings)
      assert(!own.exists)
    }
  }

  folder.test("a host that ends meanwhile is as good as one that has ended the job") { files =>
    withSettings(files) { (settings, own) =>
      own.create()
      val server = listen(own.socket)
      val thread = start(server.accept().close())
      HostConnection.endJob(settings)
      thread.join()
      server.close()
    }
  }

  folder.test("a host whose launcher replaces it is waited for") { files =>
    withSettings(files) { (settings, _) =>
      val place = files.resolve("link")
      val thread = start {
        Thread.sleep(300)
        val server = listen(place)
        server.accept().close()
        server.close()
      }
      HostConnection.connect(settings.copy(addresses = Seq(s"unix:$place"))).close()
      thread.join()
    }
  }

  folder.test("a host whose port is refused is waited for") { files =>
    withSettings(files) { (settings, _) =>
      val free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress)
      val port = free.getLocalPort
      free.close()
      val thread = start {
        Thread.sleep(300)
        val server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress)
        server.accept().close()
        server.close()
      }
      HostConnection.connect(settings.copy(addresses = Seq(s"127.0.0.1:$port"))).close()
      thread.join()
    }
  }

  folder.test("a host that nobody has started is told") { files =>
    withSettings(files) { (settings, _) =>
      val failure = intercept[RuntimeFailure] {
        HostConnection.connect(settings.copy(addresses = Seq(s"unix:$files/missing/link")))
      }
      assertEquals(failure.code, "runtime/host-unreachable")
      assert(failure.reason.startsWith("no Fn API host answers at unix:"), failure.reason)
    }
  }

  for (
    (name, use) <- Seq[(String, HostSettings => Unit)](
      "a task" -> (settings => HostConnection.connect(settings).close()),
      "the end of a job" -> (settings => HostConnection.endJob(settings))
    )
  ) folder.test(s"$name trusts no folder that others can look into") { files =>
    withSettings(files) { (settings, own) =>
      Files.createDirectory(own.path)
      Files.setPosixFilePermissions(own.path, PosixFilePermissions.fromString("rwxr-xr-x"))
      val failure = intercept[RuntimeFailure](use(settings))
      assert(failure.reason.endsWith("is open to others on this machine"), failure.reason)
    }
  }

  folder.test("a program that can't be run is a failure with a hint") { files =>
    withSettings(files) { (settings, _) =>
      val failure = intercept[RuntimeFailure](HostConnection.connect(settings))
      assertEquals(failure.code, "runtime/host-not-started")
      assert(failure.reason.contains("Node.js can't be run"), failure.reason)
      assertEquals(failure.hint, Option("name another one with spark.beam2spark.node"))
    }
  }

  folder.test("a program that ends at its start is a failure with what it has said") { files =>
    withSettings(files) { (settings, _) =>
      val node = Files.writeString(files.resolve("node"), "#!/bin/sh\necho broken >&2\n")
      node.toFile.setExecutable(true)
      val failure = intercept[RuntimeFailure] {
        HostConnection.connect(settings.copy(node = Some(node.toString)))
      }
      assertEquals(failure.code, "runtime/host-not-started")
      assert(failure.reason.endsWith("has ended at its start: broken"), failure.reason)
    }
  }

  folder.test("a folder that a host has just removed is made again") { files =>
    withSettings(files) { (_, own) =>
      var started = 0
      val failure = intercept[RuntimeFailure] {
        HostConnection.connectOwn(
          own,
          _ => {
            started += 1
            JavaUtils.deleteRecursively(own.path.toFile)
            throw new NoSuchFileException(own.path.toString)
          }
        )
      }
      assertEquals(failure.reason, "each Fn API host on this machine has ended at once")
      assertEquals(started, 5)
    }
  }

  folder.test("the Node.js that travels with the project is run, though an archive forgot how") {
    files =>
      withSettings(files) { (settings, own) =>
        val program = Files.createDirectories(files.resolve("beam2spark_host")).resolve("node")
        val text = "#!/bin/sh\necho listening on 127.0.0.1:$(cat \"$(dirname \"$0\")/port\")\n"
        assertEquals(settings.findBundledNode(), None)
        Files.writeString(program, text)
        val server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress)
        Files.writeString(files.resolve("beam2spark_host/port"), server.getLocalPort.toString)
        HostConnection.connect(settings.copy(node = None)).close()
        assert(own.exists)
        assert(Files.isExecutable(program))
        server.close()
      }
  }

  folder.test("a host whose folder has a long path is found by the port that it says") { files =>
    val own = new HostFolder(files.resolve("long" * 30))
    val server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress)
    var wanted = Seq.empty[String]
    val start = (where: HostFolder) => {
      wanted :+= where.prepare()
      val address = s"127.0.0.1:${server.getLocalPort}"
      where.keepAddress(address)
      address
    }
    for (_ <- 1 to 2) HostConnection.connectOwn(own, start).close()
    assertEquals(wanted, Seq("127.0.0.1:0"))
    server.close()
  }

  folder.test("the end of a job is told to all hosts of its application on this machine") { files =>
    withSettings(files) { (settings, own) =>
      val executors = Seq(own.path.toString, s"${own.path}-other").map { path =>
        val folder = new HostFolder(Path.of(path))
        folder.create()
        val server = listen(folder.socket)
        (folder, start { server.accept().close(); server.close() })
      }
      HostConnection.endJob(settings)
      for ((folder, thread) <- executors) {
        thread.join()
        JavaUtils.deleteRecursively(folder.path.toFile)
      }
    }
  }

  folder.test("tasks that come at once start one host") { files =>
    withSettings(files) { (_, own) =>
      val servers = new java.util.concurrent.ConcurrentLinkedQueue[ServerSocketChannel]
      val threads = (1 to 8).map { _ =>
        start {
          val link = HostConnection.connectOwn(
            own,
            where => {
              Thread.sleep(100)
              servers.add(listen(where.socket))
              s"unix:${where.socket}"
            }
          )
          link.close()
        }
      }
      threads.foreach(_.join())
      assertEquals(servers.size, 1)
      assert(own.exists)
      servers.forEach(_.close())
    }
  }
}
