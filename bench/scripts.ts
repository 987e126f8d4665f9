import { CALL_BESIDES_SDK, type Row, sizeRow } from "./row.ts";
import { createClinic, instantServices } from "./support/clinic.ts";
import { bytesOf, largestOf, PageScripts } from "./support/page_scripts.ts";
import { appCommand, startServer } from "./support/server.ts";
import { openStorage } from "./support/storage.ts";

/** 1 KB is 1000 bytes, the stricter reading. */
const ANY_PAGE = 14_000;
const PATIENT_PAGE = 10_000;

/** A page, by whom it is asked for. */
interface Page {
  path: string;
  cookie: string;
}

/**
 * How many bytes of script, compressed with Brotli, the pages of the built app
 * load: by asking the running app for each page and following what it names.
 * The call page is counted twice: what it loads before anybody joins, and
 * everything that a call can ever make it load, every screen of trouble
 * included; what one call does load is for the join row to tell. The SDK is
 * its largest script by far, in a file of its own.
 */
export async function measureScripts(): Promise<Row[]> {
  await using storage = await openStorage();
  const { doctor, bookings: [booking] } = await createClinic(
    instantServices(storage.kv),
    { patients: 1, sessionsEach: 6 },
  );
  const { patient, visitId, sessions } = booking!;
  const { id } = sessions[0]!;
  await using app = await startServer(appCommand(storage.path));
  const scripts = new PageScripts(app.origin);
  const callPage = `/telemedicine/${id}`;
  const patientPages = [
    "/patient-portal/dashboard",
    "/patient-portal/telemedicine",
    "/patient-portal/messages",
    `/patient-portal/messages/${visitId}`,
    callPage,
    `${callPage}/details`,
  ].map((path): Page => ({ path, cookie: patient.cookie }));
  const doctorPages = [
    "/visits",
    `/visits/${visitId}`,
    `/visits/${visitId}/telemedicine`,
    `/visits/${visitId}/messages`,
    "/doctor/queue",
    callPage,
    `${callPage}/details`,
    `${callPage}/cancel`,
  ].map((path): Page => ({ path, cookie: doctor.cookie }));

  const largest = async (pages: Page[]) =>
    largestOf(
      await Promise.all(pages.map(async ({ path, cookie }) => ({
        path,
        bytes: bytesOf(await scripts.atOnce(path, cookie)),
      }))),
    );
  const ofPatient = await largest([
    { path: "/login", cookie: "" },
    ...patientPages,
  ]);
  const ofDoctor = await largest(doctorPages);
  const any = largestOf([ofDoctor, ofPatient]);
  const call = await scripts.reachable(
    await scripts.atOnce(callPage, patient.cookie),
  );
  const sdk = largestOf(call);
  const name = ({ path }: { path: string }) =>
    path.replace(id, ":session").replace(visitId, ":visit");
  return [
    sizeRow(
      `script of any page before a call: ${name(any)}`,
      "bytes",
      any.bytes,
      ANY_PAGE,
    ),
    sizeRow(
      `script of a patient's page before joining: ${name(ofPatient)}`,
      "bytes",
      ofPatient.bytes,
      PATIENT_PAGE,
    ),
    {
      ...sizeRow(
        "script of the call page, all that a call can load",
        "bytes",
        bytesOf(call),
        sdk.bytes + CALL_BESIDES_SDK,
      ),
      note: "SDK + 25 KB",
    },
  ];
}
