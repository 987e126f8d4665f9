// What the token row is held against: the server of Twilio's own quickstart,
// an Express route that signs an access token and does nothing else. Runs on
// Node, where Express is at home.
import express from "express";
import twilio from "twilio";

const { AccessToken } = twilio.jwt;
const { VideoGrant } = AccessToken;
const { ACCOUNT_SID, API_KEY_SID, API_KEY_SECRET, PORT } = process.env;

const app = express();
app.use(express.json());

app.get("/", (_request, response) => {
  response.json({ ok: true });
});

app.post("/token", (request, response) => {
  const { identity, room } = request.body;
  const token = new AccessToken(ACCOUNT_SID, API_KEY_SID, API_KEY_SECRET, {
    identity,
    ttl: 600,
  });
  token.addGrant(new VideoGrant({ room }));
  response.json({ token: token.toJwt(), identity, room_name: room });
});

app.listen(Number(PORT), "127.0.0.1");
