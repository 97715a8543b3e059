// Signs as Stripe does, with Stripe's own npm library, independently of our Python.
// stdin: {"payload": "…", "secret": "whsec_…", "timestamp": 1700000000}; stdout: the header.
import { readFileSync } from "node:fs";
import Stripe from "stripe";

const { payload, secret, timestamp } = JSON.parse(readFileSync(0, "utf8"));
const stripe = new Stripe("sk_test_signer");
process.stdout.write(stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }));
