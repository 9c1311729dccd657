"""The kernel as a reader's JupyterLab or VS Code starts it: by its kernelspec, through jupyter_client, without what
cargo sets for the programs that it runs.

    python -m unittest -v kernel_reader        # in a Python environment with jupyter_client and the kernel installed
"""

import os
import queue
import time
import unittest

from jupyter_client.manager import start_new_kernel

PATIENCE = 120


class Reader(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        environment = dict(os.environ)
        for name in ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"):
            environment.pop(name, None)
        cls.manager, cls.client = start_new_kernel(
            kernel_name="dsprep", startup_timeout=PATIENCE, env=environment
        )

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=False)

    def run_cell(self, code, **options):
        """The reply to a cell, and the text of all that it showed."""
        shown = []

        def keep(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                shown.append(content["text"])
            elif message["msg_type"] in ("execute_result", "display_data"):
                shown.append(content["data"].get("text/plain", ""))

        reply = self.client.execute_interactive(
            code, timeout=PATIENCE, output_hook=keep, allow_stdin=False, **options
        )
        return reply["content"], "".join(shown)

    def test_cells_use_the_core_and_keep_their_variables(self):
        reply, _ = self.run_cell("use dsprep_core::prelude::*;\nlet table = table!(\"n\" => [1, 2, 3]).unwrap();")
        self.assertEqual(reply["status"], "ok", reply)
        reply, shown = self.run_cell("table.height()")
        self.assertEqual((reply["status"], shown), ("ok", "3"), reply)

    def test_a_stopped_loop_leaves_all_variables(self):
        reply, _ = self.run_cell("let kept = 41;")
        self.assertEqual(reply["status"], "ok", reply)
        sent = self.client.execute("let mut n = 0_u64; loop { n = n.wrapping_add(1); std::hint::black_box(n); }")
        time.sleep(3)
        self.manager.interrupt_kernel()
        reply = self.reply_to(sent)
        self.assertEqual(reply["status"], "error", reply)
        # A thread that evcxr ends after ten seconds must not take the variables along.
        time.sleep(12)
        reply, shown = self.run_cell("kept + 1")
        self.assertEqual((reply["status"], shown), ("ok", "42"), reply)

    def test_many_lines_are_few_messages_and_none_is_lost(self):
        messages = []

        def keep(message):
            if message["msg_type"] == "stream":
                messages.append(message["content"]["text"])

        reply = self.client.execute_interactive(
            "for i in 0..20_000 { println!(\"line {i}\"); }", timeout=PATIENCE, output_hook=keep
        )
        self.assertEqual(reply["content"]["status"], "ok")
        lines = "".join(messages).splitlines()
        self.assertEqual(lines, [f"line {i}" for i in range(20_000)])
        self.assertLess(len(messages), 400)

    def test_completion_knows_the_core(self):
        reply, _ = self.run_cell("use dsprep_core::prelude::*;")
        self.assertEqual(reply["status"], "ok", reply)
        deadline = time.monotonic() + PATIENCE
        matches = []
        while time.monotonic() < deadline and not matches:
            reply = self.client.complete("bootstrap_interv", reply=True, timeout=PATIENCE)
            matches = reply["content"]["matches"]
        self.assertTrue(any(match.startswith("bootstrap_interval") for match in matches), matches)

    def reply_to(self, sent):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                message = self.client.get_shell_msg(timeout=1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") == sent:
                return message["content"]
        self.fail("no reply")


if __name__ == "__main__":
    unittest.main()
